import { type RestartOption, restartAdvice, restartOptions } from "./restart-options.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

/**
 * Offers to restart the program with an option, once for a program: to the user, and to an editor that has a button for it.
 *
 * The event `restartOffered` is not of the protocol; clients that do not know it ignore it.
 */
export function offerRestart(session: Session, option: RestartOption): void {
  const { program } = session;
  if (program === undefined || program.offered.has(option)) return;
  program.offered.add(option);
  const { lack } = restartOptions[option];
  tell(session, "console", `${lack} ${restartAdvice(option)}`);
  session.client.send("restartOffered", { option, message: lack });
}
