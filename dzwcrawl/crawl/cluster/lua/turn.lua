-- A request is about to be sent: 0, or how many ms its host is to be left alone yet.
-- ARGV: host, ms that must have passed since the last request, shortest gap in ms to the next.
local at = now()
local last = tonumber(redis.call('HGET', pace(ARGV[1]), 'last') or '0')
local wait = last + tonumber(ARGV[2]) - at
if wait > 0 then return wait end
redis.call('HSET', pace(ARGV[1]), 'last', number(at), 'next', number(at + tonumber(ARGV[3])))
redis.call('EXPIRE', pace(ARGV[1]), 172800)
return 0
