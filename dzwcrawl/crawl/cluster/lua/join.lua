-- Begin a run or join it. ARGV: id for a new run, what it is to crawl with, stream, message for the archiver.
local state = redis.call('HGET', RUN, 'id') and redis.call('HGET', RUN, 'state')
if not state then
  redis.call('DEL', RUN) -- what is there without an id is no run, and may be about to expire
  redis.call('HSET', RUN, 'id', ARGV[1], 'state', 'asked', 'with', ARGV[2], 'outstanding', 0, 'sequence', 0)
  redis.call('SADD', 'dzwcrawl:runs', P)
  redis.call('XADD', ARGV[3], '*', 'run', P, 'id', ARGV[1], 'plan', '1')
  return { ARGV[1], ARGV[2] }
end
if state == 'over' then return { '', '' } end -- being archived; the next run begins when it is
return { redis.call('HGET', RUN, 'id'), redis.call('HGET', RUN, 'with') }
