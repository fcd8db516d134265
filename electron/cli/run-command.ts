import type { Command } from 'commander';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromContractError } from '../../shared/errors/from-contract.ts';
import { errorRow } from '../../shared/errors/table.ts';
import { connect, type Connection } from './connect.ts';
import { listenForInterrupt } from './interrupt.ts';
import { createOutput, type Output } from './output.ts';

/** What a command's action gets. */
export interface CommandContext {
  readonly client: Connection['client'];
  readonly out: Output;
  /** Aborts at the first Ctrl-C; a second one ends the process at once. */
  readonly signal: AbortSignal;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command failed with, as the user should read it. */
const explain = (error: unknown, signal: AbortSignal, isHostLost: boolean): AppError => {
  const failure = fromContractError(error);
  if (signal.aborted) {
    return failure.code === 'app.cancelled'
      ? failure
      : new AppError('app.cancelled', undefined, { cause: error });
  }
  return isHostLost ? new AppError('app.host-gone', undefined, { cause: error }) : failure;
};

interface Opened extends AsyncDisposable {
  /** True once a host that was joined went away. */
  isLost(): boolean;
}

/**
 * Opens what an action needs, runs it, then closes everything it opened. Any failure is one message with the next step
 * on stderr and the exit code of the error table.
 */
export const runWith = async <Needed extends Opened>(
  command: Command,
  open: () => Promise<Needed>,
  act: (needed: Needed, context: Omit<CommandContext, 'client'>) => Promise<void>,
): Promise<void> => {
  const { json, quiet } = command.optsWithGlobals<GlobalOptions>();
  const { stdout, stderr } = process;
  const out = createOutput({ isJson: json === true, isQuiet: quiet === true, stdout, stderr });
  using interrupt = listenForInterrupt();
  const { signal } = interrupt;
  let isHostLost = false;
  try {
    await using needed = await open();
    try {
      await act(needed, { out, signal });
    } catch (error) {
      isHostLost = needed.isLost(); // asked before our own socket is closed
      throw error;
    }
    out.clearProgress();
  } catch (error) {
    const failure = explain(error, signal, isHostLost);
    out.fail(failure);
    process.exitCode = errorRow(failure.code).exit;
  }
};

/** Runs an action with a client of the host of this data folder. */
export const runCommand = (
  command: Command,
  act: (context: CommandContext) => Promise<void>,
): Promise<void> => runWith(command, connect, ({ client }, context) => act({ client, ...context }));
