import type { SiteRequests } from "../../src/instrument/site-requests.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import type { Debuggee } from "./debuggee.ts";
import { InstrumentedGuest, type InstrumentedGuestOptions } from "./instrumented-guest.ts";

/** Code from this size on is sent as it is made: with probes it is three times as large, and would lie here and in the debuggee. */
const largeCode = 4 << 20;
const pieceBytes = 1 << 20;

/**
 * Instruments a module for a debuggee; the `load` question has to follow. For a large module it waits until the debuggee has started.
 *
 * @throws {MalformedError} when the module is malformed. @throws {TargetError} as `Debuggee.ask`.
 */
export async function instrumentFor(
  debuggee: Promise<Debuggee>,
  module: WasmModule,
  statements: SiteRequests,
  options: InstrumentedGuestOptions,
): Promise<InstrumentedGuest> {
  const codeBytes = module.code.end - module.code.start;
  const isLarge = codeBytes >= largeCode;
  // While it is planned where probes go nobody listens, and starting must not seem to take that long.
  if (isLarge) await debuggee;
  const pieces = InstrumentedGuest.inPieces(
    module,
    statements,
    options,
    isLarge ? pieceBytes : Number.MAX_SAFE_INTEGER,
  );
  for (;;) {
    const { value } = pieces.next();
    if (value instanceof InstrumentedGuest) return value;
    const to = await debuggee;
    await to.ask({ q: "code", ...roomFor(module, codeBytes, statements.offset.length) }, value);
  }
}

/** About as much as the whole module takes, and what comes before its code, of which hints about each probe are most. */
function roomFor(module: WasmModule, codeBytes: number, statements: number) {
  const beforeCode = module.code.start + statements * 20 + module.code.count * 10 + (4 << 20);
  return { beforeCode, wholeBytes: beforeCode + codeBytes * 4 + module.bytes.length - module.code.end };
}
