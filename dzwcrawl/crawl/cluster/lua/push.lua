-- Queue requests. ARGV: run, then requests.
if redis.call('HGET', RUN, 'id') ~= ARGV[1] then return 0 end
return push(2)
