-- Hand out the next request of a host that may be asked now. ARGV: run, worker, token, concurrency, stream, longest stream.
if redis.call('HGET', RUN, 'id') ~= ARGV[1] then
  return { redis.call('GET', P .. ':ended') == ARGV[1] and 'over' or 'lost' }
end
local state = redis.call('HGET', RUN, 'state')
if state ~= 'planned' then return { state, redis.call('HGET', RUN, 'why') or '' } end
if redis.call('XLEN', ARGV[5]) >= tonumber(ARGV[6]) then return { 'full' } end
local at = now()
for _ = 1, 64 do
  local first = redis.call('ZRANGE', READY, 0, 0, 'WITHSCORES')
  if not first[1] then return { 'wait', 1000 } end
  local host, wait = first[1], tonumber(first[2]) - at
  if wait > 0 then return { 'wait', wait } end
  local free = tonumber(redis.call('HGET', pace(host), 'next') or '0')
  local most = math.min(tonumber(ARGV[4]), tonumber(redis.call('HGET', pace(host), 'bears') or ARGV[4]))
  if free > at then
    redis.call('ZADD', READY, number(free), host)
  elseif redis.call('ZCOUNT', flying(host), number(at - LONG), '+inf') >= most then
    redis.call('ZADD', READY, number(at + 50), host) -- another spider is at it, or was cut off there
  else
    local got = redis.call('ZPOPMIN', queue(host))
    if not got[1] then
      redis.call('ZREM', READY, host)
    else
      redis.call('ZADD', WORKERS, 'NX', number(at), ARGV[2]) -- whoever holds anything can be missed
      redis.call('HSET', leased(ARGV[2]), ARGV[3], cmsgpack.pack({ host, got[2], got[1] }))
      redis.call('ZADD', flying(host), number(at), ARGV[3])
      redis.call('EXPIRE', flying(host), 172800)
      -- Where one at a time is the rule, the host is offered again when this one is done.
      offer(host, most > 1 and at or at + 10000)
      return { 'request', got[1], host, redis.call('HGET', pace(host), 'delay') or '' }
    end
  end
end
return { 'wait', 50 }
