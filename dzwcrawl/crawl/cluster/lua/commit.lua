-- A request is done: what it brought is queued and told in the same moment, or not at all.
-- ARGV: run, worker, token, delay of its host in ms or '', shortest gap in ms, requests in flight it bears, stream,
-- message or '', then requests.
if redis.call('HGET', RUN, 'id') ~= ARGV[1] then return 0 end
local held = settle(ARGV[2], ARGV[3])
if not held then return 0 end
local host = held[1]
if ARGV[4] ~= '' then
  local last = tonumber(redis.call('HGET', pace(host), 'last') or '0')
  redis.call('HSET', pace(host), 'delay', ARGV[4], 'next', number(last + tonumber(ARGV[5])), 'bears', ARGV[6])
  redis.call('EXPIRE', pace(host), 172800)
end
redis.call('HINCRBY', RUN, 'outstanding', -1)
push(9)
offer(host, now())
if ARGV[8] ~= '' then redis.call('XADD', ARGV[7], '*', 'run', P, 'id', ARGV[1], 'calls', ARGV[8]) end
end_if_done(ARGV[7])
return 1
