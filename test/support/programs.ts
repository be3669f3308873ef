import { assemble } from "./assemble.ts";
import { RANDOM_LOCALS, randomBody } from "./random-function.ts";
import { EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, WasmBuilder } from "./wasm-builder.ts";

/** A small module with ways to run it: what it imports is one function `host.log`, of one i32. */
export interface Program {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly calls: readonly (readonly [name: string, ...args: unknown[]])[];
}

/** What all programs begin with: type 0 is `(i32) → ()`, function 0 is `host.log`. */
export const builder = () => new WasmBuilder().type([I32]).import("host", "log", "func", 0);

const recursion: Program = {
  name: "recursion",
  bytes: builder()
    .type([I32], [I32])
    .func(
      1,
      [],
      assemble(`
        local.get 0
        i32.const 2
        i32.lt_s
        if (result i32)
          local.get 0
        else
          local.get 0
          i32.const 1
          i32.sub
          call 1
          local.get 0
          i32.const 2
          i32.sub
          call 1
          i32.add
        end`),
    )
    .export("fib", "func", 1)
    .build(),
  calls: [
    ["fib", 1],
    ["fib", 12],
  ],
};

const branches: Program = {
  name: "loops and branch tables",
  bytes: builder()
    .type([I32], [I64])
    .func(
      1,
      [
        [1, I64],
        [1, I32],
      ],
      assemble(`
        block
          loop
            local.get 2
            local.get 0
            i32.ge_u
            br_if 1
            block
              block
                block
                  local.get 2
                  i32.const 3
                  i32.rem_u
                  br_table 0 1 2
                end
                local.get 1
                i64.const 7
                i64.mul
                local.set 1
                br 1
              end
              local.get 1
              i64.const -3
              i64.xor
              local.set 1
            end
            local.get 2
            i32.const 1
            i32.add
            local.set 2
            br 0
          end
        end
        local.get 1`),
    )
    .export("mix", "func", 1)
    .build(),
  calls: [
    ["mix", 0],
    ["mix", 1000],
  ],
};

const memory: Program = {
  name: "memory",
  bytes: builder()
    .type([I32], [I32])
    .memory([1, 1, 3])
    .data(100, new TextEncoder().encode("the quick brown fox"))
    .func(
      1,
      [[1, I32]],
      assemble(`
        i32.const 200
        i32.const 100
        i32.const 19
        memory.copy
        loop
          local.get 1
          local.get 1
          i32.load8_u offset=200
          i32.const 32
          i32.xor
          i32.store8 offset=300
          local.get 1
          i32.const 1
          i32.add
          local.tee 1
          i32.const 19
          i32.lt_u
          br_if 0
        end
        i32.const 65000
        i32.const 171
        local.get 0
        memory.fill
        i32.const 1
        memory.grow
        memory.size
        i32.add`),
    )
    .export("work", "func", 1)
    .export("memory", "memory", 0)
    .build(),
  calls: [
    ["work", 100],
    ["work", 200000], // beyond the end: a trap
    ["work", 0],
    ["work", 0],
  ],
};

const traps: Program = {
  name: "traps",
  bytes: builder()
    .type([I32, I32], [I32])
    .type([], [])
    .memory([0, 1])
    .table(FUNCREF, [0, 4])
    .elements(1, 2)
    .func(1, [], assemble("local.get 0\nlocal.get 1\ni32.div_s"))
    .func(2, [], assemble("unreachable"))
    .func(0, [], assemble("local.get 0\ni32.load offset=65532\ndrop"))
    .func(0, [], assemble("local.get 0\nif\ncall 2\nend\nlocal.get 0\ncall_indirect (type 2)"))
    .func(0, [], assemble("local.get 0\ncall 5"))
    .func(0, [[1, F64]], assemble("f64.const 1e300\ni32.trunc_f64_s\ndrop"))
    .export("div", "func", 1)
    .export("memory", "memory", 0)
    .export("load", "func", 3)
    .export("dead", "func", 4)
    .export("deep", "func", 5)
    .export("trunc", "func", 6)
    .build(),
  calls: [
    ["div", 7, 2],
    ["div", 7, 0],
    ["div", -(2 ** 31), -1],
    ["load", 0],
    ["load", 1],
    ["dead", 1],
    ["dead", 0],
    ["dead", 9],
    ["deep", 1],
    ["trunc", 0],
  ],
};

const exceptions: Program = {
  name: "exceptions",
  bytes: builder()
    .type([I32], [I32])
    .tag(0)
    .func(
      0,
      [],
      assemble(`
        local.get 0
        i32.const 10
        i32.ge_s
        if
          local.get 0
          throw 0
        end
        local.get 0
        call 0`),
    )
    .func(
      1,
      [[1, I32]],
      assemble(`
        try (result i32)
          try
            i32.const 5
            local.set 1
            local.get 0
            call 1
            i32.const 6
            local.set 1
          catch 0
            local.get 1
            i32.add
            local.set 1
            local.get 1
            call 0
            local.get 0
            i32.const 20
            i32.ge_s
            if
              rethrow 1
            end
          end
          try
            local.get 0
            call 1
          delegate 0
          local.get 1
        catch 0
          drop
          i32.const 1000
          local.get 1
          i32.add
        catch_all
          i32.const -1
        end`),
    )
    .export("f", "func", 2)
    .build(),
  calls: [
    ["f", 1],
    ["f", 11],
    ["f", 21],
  ],
};

const multiValue: Program = {
  name: "multiple values",
  bytes: builder()
    .type([I32, I64], [I64, I32])
    .type([I32], [I32, I32])
    .type([I32], [I32])
    .func(1, [], assemble("local.get 1\nlocal.get 0"))
    .func(2, [], assemble("local.get 0\ni32.const 3\ni32.mul\nlocal.get 0"))
    .func(
      3,
      [],
      assemble(`
        local.get 0
        loop (type 2)
          call 2
          i32.add
          local.get 0
          i32.const 1
          i32.sub
          local.tee 0
          i32.const 0
          i32.gt_s
          br_if 0
          i32.const 1
        end
        i32.add
        i64.const 9
        call 1
        drop
        i32.wrap_i64`),
    )
    .export("swap", "func", 1)
    .export("f", "func", 3)
    .build(),
  calls: [
    ["swap", 5, 6n],
    ["f", 4],
  ],
};

const vectors: Program = {
  name: "vectors",
  bytes: builder()
    .type([F32, F64], [F64])
    .memory([0, 1])
    .func(
      1,
      [
        [2, V128],
        [1, I32],
      ],
      assemble(`
        v128.const i8x16 0 0 128 63 0 0 0 64 0 0 64 64 0 0 128 64
        local.set 2
        loop
          local.get 2
          local.get 0
          f32x4.splat
          f32x4.mul
          local.tee 2
          local.get 3
          f32x4.add
          local.set 3
          local.get 4
          local.get 3
          v128.store offset=16
          local.get 4
          i32.const 16
          i32.add
          local.tee 4
          i32.const 160
          i32.lt_u
          br_if 0
        end
        local.get 3
        f32x4.extract_lane 2
        f64.promote_f32
        local.get 1
        f64.mul`),
    )
    .export("memory", "memory", 0)
    .export("f", "func", 1)
    .build(),
  calls: [["f", 1.25, 3.5]],
};

const references: Program = {
  name: "references and indirect calls",
  bytes: builder()
    .type([EXTERNREF, I32], [EXTERNREF])
    .type([I32], [I32])
    .table(FUNCREF, [0, 8])
    .table(EXTERNREF, [0, 8])
    .elements(0, 2, 3)
    .func(
      1,
      [[1, FUNCREF]],
      assemble(`
        local.get 1
        local.get 0
        table.set 1
        i32.const 1
        table.get 0
        local.set 2
        i32.const 5
        local.get 2
        table.set 0
        i32.const 4
        i32.const 5
        call_indirect (type 2)
        call 0
        local.get 1
        table.get 1`),
    )
    .func(2, [], assemble("local.get 0\ni32.const 1\ni32.add"))
    .func(2, [], assemble("local.get 0\ni32.const 2\ni32.mul"))
    .export("keep", "func", 1)
    .build(),
  calls: [
    ["keep", "text", 3],
    ["keep", null, 0],
    ["keep", "text", 8], // beyond the table
  ],
};

const tailCalls: Program = {
  name: "tail calls",
  bytes: builder()
    .type([I32, I32], [I32])
    .table(FUNCREF, [0, 1])
    .elements(0, 1)
    .func(
      1,
      [],
      assemble(`
        local.get 0
        i32.eqz
        if
          local.get 1
          return
        end
        local.get 0
        i32.const 1
        i32.sub
        local.get 1
        local.get 0
        i32.add
        local.get 0
        i32.const 1
        i32.and
        if (type 1)
          return_call 1
        else
          i32.const 0
          return_call_indirect (type 1)
        end`),
    )
    .export("sum", "func", 1)
    .build(),
  calls: [["sum", 50_000, 0]],
};

const started: Program = {
  name: "a start function",
  bytes: builder()
    .type([])
    .type([], [I32])
    .global(I32, "mutable", assemble("i32.const 1"))
    .func(1, [], assemble("i32.const 42\nglobal.set 0\ni32.const 7\ncall 0"))
    .func(2, [], assemble("global.get 0"))
    .start(1)
    .export("value", "func", 2)
    .build(),
  calls: [["value"]],
};

const random = Array.from({ length: 60 }, (_, seed): Program => {
  const code = assemble(randomBody(seed + 1000));
  return {
    name: `random control flow ${seed}`,
    bytes: builder()
      .type([I32, I32])
      .type([])
      .func(1, [[RANDOM_LOCALS - 2, I32]], code)
      .global(I32, "mutable", assemble("i32.const 60"))
      .tag(2)
      .export("f", "func", 1)
      .build(),
    calls: [["f", 3, 1]],
  };
});

/** Programs every engine from Node 20 on runs. */
export const programs: readonly Program[] = [
  recursion,
  branches,
  memory,
  traps,
  exceptions,
  multiValue,
  vectors,
  references,
  tailCalls,
  started,
  ...random,
];
