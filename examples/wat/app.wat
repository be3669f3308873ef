;; The Collatz sequence: numbers, a loop and memory to look at, without any compiler between you and the code.
(module
  (memory (export "memory") 1)
  (global $longest (mut i32) (i32.const 0))

  ;; The next number of the sequence.
  (func $next (param $n i32) (result i32)
    (if (result i32) (i32.and (local.get $n) (i32.const 1))
      (then (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1)))
      (else (i32.shr_u (local.get $n) (i32.const 1)))))

  ;; How many steps it takes to come to 1; every number on the way is kept in memory.
  (func $collatz (export "collatz") (param $n i32) (result i32)
    (local $steps i32)
    (block $done
      (loop $again
        (i32.store (i32.shl (local.get $steps) (i32.const 2)) (local.get $n))
        (br_if $done (i32.le_u (local.get $n) (i32.const 1)))
        (local.set $n (call $next (local.get $n)))
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (br $again)))
    (if (i32.gt_u (local.get $steps) (global.get $longest))
      (then (global.set $longest (local.get $steps))))
    (local.get $steps)))
