-- Put requests of a worker back. ARGV: worker, then tokens; without any all of them, and the worker has left.
local tokens = {}
for i = 2, #ARGV do tokens[#tokens + 1] = ARGV[i] end
if #ARGV == 1 then
  tokens = redis.call('HKEYS', leased(ARGV[1]))
  redis.call('ZREM', WORKERS, ARGV[1])
end
for _, token in ipairs(tokens) do
  local held = settle(ARGV[1], token)
  if held then put_back(held) end
end
return #tokens
