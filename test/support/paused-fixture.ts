import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import type { StopNumber } from "../../src/base/brand.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { complete } from "../../src/expressions/complete.ts";
import { evaluate } from "../../src/expressions/evaluate.ts";
import { lowerExpression } from "../../src/expressions/lower.ts";
import { formatters } from "../../src/formatters/formatters.ts";
import { createSymbols } from "../../src/symbols/create-symbols.ts";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { Target } from "../../src/target/target.ts";
import { codeOffsetOf } from "../../src/wasm/code-offsets.ts";
import { readModule } from "../../src/wasm/module.ts";
import { asStop, type RunningFixture, type RunOptions, startFixture } from "./engine.ts";
import type { Fixture } from "./fixtures.ts";
import { fromRoot } from "./paths.ts";

/** A fixture paused at a marker, with the symbols of its module. */
export interface PausedFixture {
  readonly running: RunningFixture;
  readonly symbols: Symbols;
  /** The innermost frame. */
  readonly frame: FrameContext;
}

let gimli: Gimli | undefined;

/** Runs a fixture until it comes to `marker` for the first time. */
export async function pauseAt(
  fixture: Fixture,
  marker: string,
  options: RunOptions = {},
): Promise<PausedFixture> {
  const running = await startFixture(fixture, options);
  await running.target.setBreakpointLocations([running.point(marker)]);
  const { stop } = asStop(await running.target.resume({ kind: "continue" }));
  return { running, symbols: symbolsOf(fixture, running.target), frame: await innermost(running, stop) };
}

/** The innermost frame at a stop of a running fixture. */
export async function innermost({ target, info }: RunningFixture, stop: StopNumber): Promise<FrameContext> {
  const { frames } = await target.frames(stop, 0, 1);
  const [top] = frames;
  if (top?.kind !== "wasm") throw new Error("the innermost frame is not a wasm frame");
  const pointer = (await target.globals(stop))[info.stackPointerGlobal ?? -1];
  return {
    stop,
    frame: 0,
    function: top.function,
    offset: top.offset,
    stackPointer: pointer?.type === "i32" ? BigInt(pointer.value >>> 0) : undefined,
  };
}

/** Symbols for a fixture's module over any target that has its memory. */
export function symbolsOf(fixture: Pick<Fixture, "bytes">, target: Target): Symbols {
  const module = readModule(fixture.bytes);
  gimli ??= Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
  const { info, dwarf } = openDebugInfo(module, gimli);
  return createSymbols({
    target,
    debugInfo: info,
    dwarf,
    codeOffset: (offset) => codeOffsetOf(module.code, offset),
    facts: new ModuleNames(module, info),
    evaluate,
    complete,
    formatters,
    lower: lowerExpression,
  });
}
