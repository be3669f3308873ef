/*
 * A large guest: Lua 5.4 running its own workload, as many times as the first argument says (default 1).
 * The same arguments always do the same: no clock, no random seed, no input.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

/* One chunk a task; each answers a number, so that a wrong turn anywhere changes the total. */
static const struct task {
    const char *name;
    const char *script;
} tasks[] = {
    {"strings", "local words, total = {}, 0\n"
                "for word in ('the quick brown fox jumps over the lazy dog'):gmatch('%a+') do\n"
                "  words[#words + 1] = word:upper():reverse()\n"
                "  total = total + #word * #words\n"
                "end\n"
                "local text = table.concat(words, '-')\n"
                "local swapped, count = text:gsub('(%a)(%a)', '%2%1')\n"
                "for i = 1, #swapped do total = (total * 31 + swapped:byte(i)) % 1000003 end\n"
                "return total + count + #string.format('%5d|%-8s|%.3f', total, 'x', 1 / 3)\n"},
    {"tables", "local grid = {}\n"
               "for y = 1, 12 do\n"
               "  grid[y] = {}\n"
               "  for x = 1, 12 do grid[y][x] = x * y % 7 end\n"
               "end\n"
               "local seen, total = {}, 0\n"
               "for y, row in ipairs(grid) do\n"
               "  for x, value in ipairs(row) do\n"
               "    local key = value .. ':' .. (x + y) % 5\n"
               "    seen[key] = (seen[key] or 0) + 1\n"
               "  end\n"
               "end\n"
               "for _, count in pairs(seen) do total = total + count * count end\n"
               "return total\n"},
    {"closures", "local function counter(step)\n"
                 "  local value = 0\n"
                 "  return function() value = value + step; return value end\n"
                 "end\n"
                 "local counters, total = {}, 0\n"
                 "for i = 1, 10 do counters[i] = counter(i) end\n"
                 "for round = 1, 5 do\n"
                 "  for _, count in ipairs(counters) do total = total + count() end\n"
                 "end\n"
                 "local function compose(f, g) return function(x) return f(g(x)) end end\n"
                 "local twice = compose(function(x) return x * 2 end, function(x) return x + 1 end)\n"
                 "return twice(total)\n"},
    {"sorting", "local values, state = {}, 7\n"
                "for i = 1, 60 do\n"
                "  state = (state * 1103515245 + 12345) % 2147483648\n"
                "  values[i] = state % 1000\n"
                "end\n"
                "table.sort(values)\n"
                "local total = 0\n"
                "for i, value in ipairs(values) do total = total + i * value end\n"
                "table.sort(values, function(a, b) return a % 10 > b % 10 or (a % 10 == b % 10 and a > b) end)\n"
                "for i, value in ipairs(values) do total = (total * 3 + value) % 1000003 end\n"
                "return total\n"},
    {"objects", "local Point = {}\n"
                "Point.__index = Point\n"
                "Point.__add = function(a, b) return Point.new(a.x + b.x, a.y + b.y) end\n"
                "Point.__eq = function(a, b) return a.x == b.x and a.y == b.y end\n"
                "function Point.new(x, y) return setmetatable({x = x, y = y}, Point) end\n"
                "function Point:norm() return self.x * self.x + self.y * self.y end\n"
                "local sum = Point.new(0, 0)\n"
                "for i = 1, 20 do sum = sum + Point.new(i, -i) end\n"
                "return sum:norm() + (sum == Point.new(210, -210) and 1 or 0)\n"},
    {"recursion", "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
                  "local function ackermann(m, n)\n"
                  "  if m == 0 then return n + 1 end\n"
                  "  if n == 0 then return ackermann(m - 1, 1) end\n"
                  "  return ackermann(m - 1, ackermann(m, n - 1))\n"
                  "end\n"
                  "return fib(10) + ackermann(2, 3)\n"},
};

enum { TASKS = sizeof tasks / sizeof tasks[0] };

static lua_Integer run_task(lua_State *L, const struct task *task)
{
    if (luaL_loadbuffer(L, task->script, __builtin_strlen(task->script), task->name) != LUA_OK) {
        fprintf(stderr, "%s: %s\n", task->name, lua_tostring(L, -1));
        exit(1);
    }
    lua_call(L, 0, 1); /* @stop:call */
    lua_Integer answer = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
    return answer; /* @stop:answer */
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},          {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math},    {LUA_UTF8LIBNAME, luaopen_utf8},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
        lua_pop(L, 1);
    }
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    lua_Integer totals[TASKS] = {0};
    lua_State *L = luaL_newstate(); /* @stop:main */
    open_libraries(L);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < TASKS; i++)
            totals[i] += run_task(L, &tasks[i]); /* @stop:task */
        lua_gc(L, LUA_GCCOLLECT);
    }
    for (int i = 0; i < TASKS; i++)
        printf("%-10s %lld\n", tasks[i].name, (long long)totals[i]);
    lua_close(L);
    return 0;
}
