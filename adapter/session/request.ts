import type { DebugProtocol } from "@vscode/debugprotocol";
import { argumentsObject, type Fields, type Reader, type ReadFields } from "../protocol/arguments.ts";
import type { CancelSignal } from "../protocol/cancellation.ts";
import type { ArgumentsOf, BodyOf, Command } from "../protocol/commands.ts";
import type { Handler, Needs, Work } from "../protocol/handler.ts";
import type { Session } from "./session.ts";
import { tellProblems } from "./tell.ts";

/** The fields of interest, or a reader of everything. */
type Shape = Fields | Reader<unknown>;
type ReadShape<S extends Shape> = S extends Reader<infer T> ? T : S extends Fields ? ReadFields<S> : never;

interface RequestParts<C extends Command, S extends Shape> {
  readonly needs: Needs;
  readonly arguments: S;
  readonly capabilities?: DebugProtocol.Capabilities;
  readonly urgent?: boolean;
  /** Whether it is answered as soon as it is given up, whatever it still does: it changes nothing. */
  readonly cancellable?: boolean;
  /** What is shown as under way when it takes long; if `cancellable`, it can be given up there. */
  readonly progress?: string;
  readonly run: (session: Session, args: ReadShape<S>, work: Work) => Promise<BodyOf<C>>;
}

/** A handler only if its shape accepts everything the protocol's type allows; else something no table takes. */
type Accepting<C extends Command, S extends Shape> =
  NonNullable<ArgumentsOf<C>> extends ReadShape<S>
    ? Handler<Session, C>
    : "reads other arguments than the protocol sends";

/** The handler of one request. Its arguments may be read in part, but nothing the protocol allows may be refused. */
export function request<C extends Command, S extends Shape>(
  command: C,
  parts: RequestParts<C, S>,
): Accepting<C, S> {
  const {
    needs,
    capabilities = {},
    urgent = false,
    cancellable = false,
    arguments: shape,
    progress,
    run,
  } = parts;
  const read: Reader<unknown> = typeof shape === "function" ? shape : argumentsObject(shape);
  const handle = async (session: Session, args: unknown, work: Work) => {
    session.check(needs);
    const given = read(args, "") as ReadShape<S>;
    const shown =
      progress === undefined
        ? undefined
        : session.progress.begin({
            ...{ title: progress, requestSeq: work.seq },
            ...(cancellable ? { cancel: () => session.client.cancel(work.seq) } : {}),
          });
    const running = run(session, given, work);
    let answer: BodyOf<C>;
    try {
      answer = await (cancellable ? unlessGivenUp(running, work.signal) : running);
    } finally {
      shown?.end();
    }
    // Debug info is read when it is needed, and so are its problems found.
    const { program } = session;
    if (program && !program.ended) tellProblems(session, program);
    return answer;
  };
  // Whether it is one is decided at compile time, by the two conditional types above.
  return { command, needs, capabilities, urgent, handle } as unknown as Accepting<C, S>;
}

/** Rejects when a request is given up. What its work comes to after that is nobody's business. */
function unlessGivenUp<T>(running: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    running.then(resolve, reject);
  });
}
