import type { Command } from 'commander';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromContractError } from '../../shared/errors/from-contract.ts';
import { errorRow } from '../../shared/errors/table.ts';
import { connect, type Connection } from './connect.ts';
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

const listenForInterrupt = (abort: AbortController): Disposable => {
  const onSignal = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new AppError('app.cancelled'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { [Symbol.dispose]: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal) };
};

/**
 * Runs an action with a client, then closes everything it opened. Any failure is one message with the next step on
 * stderr and the exit code of the error table.
 */
export const runCommand = async (
  command: Command,
  act: (context: CommandContext) => Promise<void>,
  options: { readonly alwaysOwnHost?: boolean } = {},
): Promise<void> => {
  const { json, quiet } = command.optsWithGlobals<GlobalOptions>();
  const out = createOutput({
    isJson: json === true,
    isQuiet: quiet === true,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  const abort = new AbortController();
  using _interrupt = listenForInterrupt(abort);
  try {
    await using connection = await connect({ alwaysOwnHost: options.alwaysOwnHost === true });
    await act({ client: connection.client, out, signal: abort.signal });
    out.clearProgress();
  } catch (error) {
    const failure = abort.signal.aborted
      ? new AppError('app.cancelled', 'Stopped.')
      : fromContractError(error);
    out.fail(failure);
    process.exitCode = errorRow(failure.code).exit;
  }
};
