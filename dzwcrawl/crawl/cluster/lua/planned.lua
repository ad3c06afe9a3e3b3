-- The first requests are all there. ARGV: run, stream.
if redis.call('HGET', RUN, 'id') ~= ARGV[1] then return 0 end
redis.call('HSET', RUN, 'state', 'planned')
end_if_done(ARGV[2])
return 1
