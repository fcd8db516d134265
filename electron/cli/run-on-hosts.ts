import type { Command } from 'commander';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromContractError } from '../../shared/errors/from-contract.ts';
import { joinAll, type JoinedHost } from './connect.ts';
import { positiveInteger } from './number-argument.ts';
import type { Output } from './output.ts';
import { runWith } from './run-command.ts';

/** Hosts that run, and what to close after use. */
interface Hosts extends AsyncDisposable {
  /** All of them, or the one that --pid names. */
  readonly list: readonly JoinedHost[];
  isLost(): boolean;
}

/** For a command about what runs: several hosts may, each `dyno serve` is one. */
export const addHostOption = (command: Command): Command =>
  command.option('--pid <n>', 'only the host of this process id, where several run', positiveInteger);

const openHosts = async (pid: number | undefined): Promise<Hosts> => {
  await using scope = new AsyncDisposableStack();
  const all = await joinAll();
  for (const host of all) scope.use(host);
  const list = pid === undefined ? all : all.filter((host) => host.pid === pid);
  if (pid !== undefined && list.length === 0) {
    throw new AppError('app.not-found', `No host of this data folder has the process id ${pid}.`, {
      hint: all.length === 0 ? 'None runs.' : `There are: ${all.map((host) => host.pid).join(', ')}.`,
    });
  }
  const owned = scope.move();
  return {
    list,
    isLost: () => list.some((host) => host.isLost()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** Runs an action on every host that runs: browser mode and each `dyno serve`; none is a case of its own. */
export const runOnHosts = (
  command: Command,
  act: (hosts: readonly JoinedHost[], out: Output) => Promise<void>,
): Promise<void> => {
  const { pid } = command.opts<{ readonly pid?: number }>();
  return runWith(
    command,
    () => openHosts(pid),
    ({ list }, { out }) => act(list, out),
  );
};

/** `dyno serve 4711 at http://127.0.0.1:8080/v1` */
export const nameOf = async ({ client, kind, pid }: JoinedHost): Promise<string> => {
  const status = await client.server.status();
  return `${kind} ${pid}${status.type === 'on' ? ` at ${status.url}` : ', its server is off'}`;
};

const noneRuns = (): AppError =>
  new AppError('app.not-found', 'No host of this data folder runs.', {
    hint: 'Start one: dyno serve, or dyno app --browser.',
  });

/** The one host that is meant. @throws AppError `app.not-found` where none runs, `app.bad-input` where several do */
export const onlyHost = async (hosts: readonly JoinedHost[]): Promise<JoinedHost> => {
  const [first, ...others] = hosts;
  if (first === undefined) throw noneRuns();
  if (others.length === 0) return first;
  const names = await Promise.all(hosts.map(nameOf));
  throw new AppError('app.bad-input', `${hosts.length} hosts run: ${names.join('; ')}.`, {
    hint: `Say which, as in --pid ${first.pid}.`,
  });
};

/**
 * The answer of the host that knows a thing by its id, asked one after the other.
 * @throws AppError of the last that was asked: `app.not-found` where none knows it
 */
export const askWhoKnows = async <Answer>(
  hosts: readonly JoinedHost[],
  ask: (host: JoinedHost) => Promise<Answer>,
): Promise<Answer> => {
  let missing = noneRuns();
  for (const host of hosts) {
    try {
      return await ask(host);
    } catch (error) {
      const failure = fromContractError(error);
      if (failure.code !== 'app.not-found') throw failure;
      missing = failure;
    }
  }
  throw missing;
};

/** Texts of several hosts under a heading each; of one, as it is. */
const renderHosts = async (
  answers: readonly { readonly host: JoinedHost; readonly text: string }[],
): Promise<string> => {
  const [only] = answers;
  if (only === undefined)
    return 'No host of this data folder runs: dyno serve, or dyno app --browser, starts one.';
  if (answers.length === 1) return only.text;
  const parts = answers.map(async ({ host, text }) => `${await nameOf(host)}\n${text}`);
  return (await Promise.all(parts)).join('\n\n');
};

/** What a host is asked for, and how its rows read. */
interface Question<Row extends object> {
  ask(host: JoinedHost): Promise<readonly Row[]>;
  render(rows: readonly Row[]): string;
}

/** Shows the rows of every host; in `--json` they are one list, and `hostPid` tells whose a row is. */
export const showOfHosts = async <Row extends object>(
  hosts: readonly JoinedHost[],
  out: Output,
  { ask, render }: Question<Row>,
): Promise<void> => {
  const answers = await Promise.all(hosts.map(async (host) => ({ host, rows: await ask(host) })));
  const text = await renderHosts(answers.map(({ host, rows }) => ({ host, text: render(rows) })));
  const rows = answers.flatMap(({ host, rows: own }) => own.map((row) => ({ ...row, hostPid: host.pid })));
  out.result(rows, () => text);
};
