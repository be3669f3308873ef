import type { launch } from "../launch/launch.ts";
import { Connection } from "../protocol/connection.ts";
import { capabilitiesOf, findHandler } from "../protocol/handler.ts";
import { Trace } from "../protocol/trace.ts";
import { requests } from "../requests/table.ts";
import { endSession } from "../session/end-session.ts";
import { toFailure, unknownRequest, unsupportedRequest } from "../session/errors.ts";
import { Session } from "../session/session.ts";

/** What one client's session needs from the outside. */
export interface ServeParts {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly launch: typeof launch;
  /** Takes one line for whoever looks after the adapter. */
  readonly log: (text: string) => void;
  /** How long a loaded program waits for `configurationDone` before its user is told, in milliseconds; 10 seconds. */
  readonly patienceMs?: number;
}

/** A session that is under way. */
export interface Served {
  /** Settles when the session is over: its program has ended, everything said is written. */
  readonly done: Promise<void>;
  /** Ends the session from this side; `done` settles then. */
  end(): Promise<void>;
}

/** Serves one client over two streams until it disconnects or goes away. No program is left then. */
export function serve({ input, output, launch, log, patienceMs = 10_000 }: ServeParts): Served {
  const trace = new Trace();
  let finish: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const connection = new Connection(output, {
    handle: async (command, args, work) => {
      const handler = findHandler(requests, command);
      if (handler === undefined) throw unknownRequest(command);
      if (handler === "unsupported") throw unsupportedRequest(command);
      return handler.handle(session, args, work);
    },
    isUrgent: (command) => {
      const handler = findHandler(requests, command);
      return handler !== undefined && handler !== "unsupported" && handler.urgent;
    },
    toFailure: (error, command) => toFailure(error, command, log),
    report: log,
    closed: () => finish(),
    onMessage: (direction, message) => trace.record(direction, message),
  });
  const session = new Session({
    client: connection,
    launch,
    capabilities: capabilitiesOf(requests),
    log,
    patienceMs,
    trace: (file) => trace.open(file),
    traceGuest: (line) => trace.record("guest", line),
  });
  const done = closed.then(async () => {
    await endSession(session).catch((error) => log(`The program could not be ended: ${String(error)}`));
    await connection.drained();
    trace.close();
  });
  connection.listen(input);
  return {
    done,
    end: async () => {
      finish();
      await done;
    },
  };
}
