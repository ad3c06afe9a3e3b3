-- What all scripts share. KEYS[1] is the prefix of a run's keys (dzwcrawl:SPIDER). All times are Redis's, in ms.
local P = KEYS[1]
local RUN, READY, WORKERS = P .. ':run', P .. ':ready', P .. ':workers'
local LONG = 600000 -- after so long a lease of a host is void, whatever became of whoever held it

local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function number(n) return string.format('%.0f', n) end
local function queue(host) return P .. ':queue:' .. host end
local function leased(worker) return P .. ':leased:' .. worker end
local function pace(host) return 'dzwcrawl:host:' .. host end
local function flying(host) return 'dzwcrawl:host:' .. host .. ':flying' end

-- Note when a host that has requests may be asked next.
local function offer(host, earliest)
  if redis.call('EXISTS', queue(host)) == 0 then return redis.call('ZREM', READY, host) end
  local free = tonumber(redis.call('HGET', pace(host), 'next') or '0')
  return redis.call('ZADD', READY, number(math.max(free, earliest)), host)
end

-- End the run where nothing is queued and nothing in flight. The stream has all that came before this word.
local function end_if_done(stream)
  if redis.call('HGET', RUN, 'state') == 'planned' and tonumber(redis.call('HGET', RUN, 'outstanding')) <= 0 then
    redis.call('HSET', RUN, 'state', 'over')
    redis.call('XADD', stream, '*', 'run', P, 'id', redis.call('HGET', RUN, 'id'), 'end', '1')
  end
end

-- Queue requests: host, priority, key of the article or '', request. An article is queued once a run; what comes
-- first among equal priorities is handed out first.
local function push(first)
  local at, pushed = now(), 0
  for i = first, #ARGV, 4 do
    local host, priority, article, request = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
    if article == '' or redis.call('SADD', P .. ':known', article) == 1 then
      local place = redis.call('HINCRBY', RUN, 'sequence', 1) - priority * 1e12
      if redis.call('ZADD', queue(host), 'NX', number(place), request) == 1 then
        pushed = pushed + 1
        offer(host, at)
      end
    end
  end
  redis.call('HINCRBY', RUN, 'outstanding', pushed)
  return pushed
end

-- Take a request from a worker; nil where it has not got it (any more).
local function settle(worker, token)
  local packed = redis.call('HGET', leased(worker), token)
  if not packed then return nil end
  redis.call('HDEL', leased(worker), token)
  local held = cmsgpack.unpack(packed)
  redis.call('ZREM', flying(held[1]), token)
  return held
end

-- Put a request back where it stood.
local function put_back(held)
  if redis.call('ZADD', queue(held[1]), 'NX', held[2], held[3]) == 0 then
    redis.call('HINCRBY', RUN, 'outstanding', -1) -- the same request is queued already
  end
  offer(held[1], now())
end
