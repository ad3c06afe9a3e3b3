-- Remove a run, or only what is queued of it. ARGV: run, 'all' or 'queues'.
if redis.call('HGET', RUN, 'id') ~= ARGV[1] then return 0 end
for _, host in ipairs(redis.call('ZRANGE', READY, 0, -1)) do redis.call('DEL', queue(host)) end
for _, worker in ipairs(redis.call('ZRANGE', WORKERS, 0, -1)) do redis.call('DEL', leased(worker)) end
redis.call('DEL', READY, P .. ':known', P .. ':buried', P .. ':listings', P .. ':robots', P .. ':asked', P .. ':deaths')
redis.call('HSET', RUN, 'outstanding', 0)
if ARGV[2] == 'all' then
  redis.call('DEL', RUN, WORKERS)
  redis.call('SREM', 'dzwcrawl:runs', P)
  redis.call('SET', P .. ':ended', ARGV[1], 'EX', 86400) -- whoever looks late does not take it for lost
end
return 1
