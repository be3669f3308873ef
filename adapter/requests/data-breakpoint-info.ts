import type { DataQuery } from "../../src/debugger/debugger-types.ts";
import { dataModes, toDataInfo } from "../convert/data-breakpoint.ts";
import { fromReference, toAddress } from "../convert/reference.ts";
import { boolean, count, integer, optional, string } from "../protocol/arguments.ts";
import { badReference, noSuchMode } from "../session/errors.ts";
import { findChild } from "../session/evaluation.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";

interface Asked {
  readonly name: string;
  readonly variablesReference?: number;
  readonly frameId?: number;
  readonly bytes?: number;
  readonly asAddress?: boolean;
}

/** What can be watched: a variable the client sees, an expression, or bytes at an address; or why it cannot be. */
export const dataBreakpointInfo = request("dataBreakpointInfo", {
  needs: "launched",
  progress: "Looking up what can be watched",
  arguments: {
    name: string,
    variablesReference: optional(integer),
    frameId: optional(integer),
    bytes: optional(count),
    asAddress: optional(boolean),
    mode: optional(string),
  },
  capabilities: {
    supportsDataBreakpoints: true,
    supportsDataBreakpointBytes: true,
    breakpointModes: [...dataModes],
  },
  async run(session, { mode: asked = "write", ...rest }) {
    const mode = dataModes.find((one) => one.mode === asked)?.mode;
    if (mode === undefined) throw noSuchMode(asked);
    return toDataInfo(await session.debugger.findData(await toQuery(session, rest)), mode);
  },
});

async function toQuery(session: Session, asked: Asked): Promise<DataQuery> {
  const { name, variablesReference = 0, frameId, bytes: length, asAddress } = asked;
  const range = length === undefined ? {} : { length };
  if (asAddress === true) {
    const place = fromReference(name);
    if (place?.kind !== "memory") throw badReference(name);
    return { kind: "bytes", memory: place.memory, address: toAddress(place), length: length ?? 1 };
  }
  if (variablesReference > 0) {
    const variable = await findChild(session.values.find(variablesReference), name);
    return { kind: "variable", variable, ...range };
  }
  const frame = frameId === undefined ? {} : { frame: session.frames.find(frameId) };
  return { kind: "expression", text: name, ...frame, ...range };
}
