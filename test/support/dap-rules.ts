/** One message of a session, with who sent it. */
export interface Said {
  readonly from: "client" | "adapter";
  readonly message: Readonly<Record<string, unknown>>;
}

const resuming = new Set([
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "configurationDone",
  "restart",
  "restartWith",
  "launch",
  "attach",
]);

/**
 * What a transcript does against the protocol's rules of order, which no schema can say:
 * numbers rise, each request has one answer, events follow the request that causes them, and the
 * session begins and ends in order.
 */
export function ruleErrors(
  transcript: readonly Said[],
  options: { readonly mayBreakOff?: boolean } = {},
): string[] {
  const errors: string[] = [];
  const open = new Map<number, string>();
  let seq = 0;
  let initialized = false;
  let launched = false;
  let terminated = false;
  let stopped = false;
  for (const { from, message } of transcript) {
    const { type, command, event } = message;
    const name = String(event ?? command);
    if (from === "client") {
      if (type === "request") open.set(Number(message.seq), name);
      continue;
    }
    if (message.seq !== ++seq) errors.push(`${name}: seq ${message.seq} after ${seq - 1}`);
    if (type === "response") {
      const asked = open.get(Number(message.request_seq));
      open.delete(Number(message.request_seq));
      if (asked === undefined) errors.push(`${name}: an answer to no open request (${message.request_seq})`);
      else if (asked !== name) errors.push(`${name}: answers a request named ${asked}`);
      if (message.success === false && typeof message.message !== "string")
        errors.push(`${name}: fails without a message`);
      if (name === "initialize" && message.success === true) initialized = true;
      if ((name === "launch" || name === "attach") && message.success === true) launched = true;
      if (resuming.has(name) && message.success === true) stopped = false;
    } else if (type === "event") {
      if (!initialized) errors.push(`${name}: before initialize was answered`);
      if (terminated) errors.push(`${name}: after terminated`);
      if (["process", "thread", "module", "stopped", "exited", "initialized"].includes(name) && !launched) {
        errors.push(`${name}: before launch was answered`);
      }
      if (name === "stopped") {
        for (const asked of open.values()) {
          if (resuming.has(asked)) errors.push(`stopped: before the answer to ${asked}`);
        }
        if (stopped) errors.push("stopped: twice in a row");
        stopped = true;
      }
      const reason = (message.body as { readonly reason?: string } | undefined)?.reason;
      if (name === "continued" || (name === "thread" && reason === "exited")) stopped = false;
      if (name === "terminated") terminated = true;
    }
  }
  if (options.mayBreakOff !== true) {
    for (const [number, asked] of open) errors.push(`${asked}: request ${number} was never answered`);
  }
  return errors;
}
