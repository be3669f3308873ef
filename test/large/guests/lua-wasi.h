/*
 * Included before every file of Lua: this WASI libc has neither setjmp nor signals, and a guest that is
 * compared run against run must not read the clock.
 */
#ifndef LUA_WASI_H
#define LUA_WASI_H

#include <time.h>

struct lua_longjmp;

/* An error ends the guest in a trap; nothing in the workload raises one. */
#define LUAI_THROW(L, c) __builtin_trap()
#define LUAI_TRY(L, c, a) \
    {                     \
        a                 \
    }
#define luai_jmpbuf int

#define luai_makeseed(L) 42u
#define l_randomizePivot() 42u
#define time(pointer) ((time_t)42)

#endif
