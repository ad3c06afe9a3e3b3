-- A worker is alive; what silent ones had in flight is queued again. Returns what is leased to it, and what was given
-- up because too many workers died of it. ARGV: worker, longest silence in ms, deaths, stream.
local at = now()
local heard = tonumber(redis.call('ZSCORE', WORKERS, ARGV[1]) or '0')
redis.call('ZADD', WORKERS, number(at), ARGV[1])
local given_up = {}
-- Whoever was silent itself does not judge: perhaps it was Redis that was away.
if at - heard < tonumber(ARGV[2]) / 2 then
  for _, dead in ipairs(redis.call('ZRANGE', WORKERS, '-inf', number(at - tonumber(ARGV[2])), 'BYSCORE')) do
    for _, token in ipairs(redis.call('HKEYS', leased(dead))) do
      local held = settle(dead, token)
      local deaths = redis.call('HINCRBY', P .. ':deaths', redis.sha1hex(held[3]), 1)
      if deaths < tonumber(ARGV[3]) then
        put_back(held)
      else
        redis.call('HINCRBY', RUN, 'outstanding', -1)
        given_up[#given_up + 1] = held[3]
      end
    end
    redis.call('ZREM', WORKERS, dead)
  end
  end_if_done(ARGV[4])
end
return { redis.call('HKEYS', leased(ARGV[1])), given_up }
