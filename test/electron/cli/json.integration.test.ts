import type { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../../electron/cli/program.ts';
import { makeHome } from '../../support/open-app.ts';

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const model = 'dyno-demo-4m-f16';

/** Every command with arguments that end it within a second: what it knows, or why it cannot. */
const lines: Readonly<
  Record<string, { readonly args?: string; readonly exit: number } | 'tested as process'>
> = {
  app: 'tested as process',
  serve: 'tested as process',
  bench: { args: '--presets', exit: 0 },
  shootout: { args: '--text nothing.txt', exit: 66 }, // of the bundled model
  'runs list': { exit: 0 },
  'runs show': { args: 'run_x', exit: 66 },
  'runs resume': { args: 'run_x', exit: 66 },
  'runs remove': { args: 'run_x', exit: 66 },
  compare: { args: 'nothing', exit: 64 },
  calibrate: { args: '--model nothing', exit: 66 },
  report: { args: 'run_x', exit: 66 },
  'report verify': { args: 'nothing.html', exit: 66 },
  'report diff': { args: 'run_x run_y', exit: 66 },
  'report import': { args: 'nothing.json', exit: 66 },
  sweep: { args: 'nothing --threads 1', exit: 66 },
  'sweeps list': { exit: 0 },
  'sweeps show': { args: 'sweep_x', exit: 66 },
  'sweeps resume': { args: 'sweep_x', exit: 66 },
  'sweeps use': { args: 'sweep_x', exit: 66 },
  'sweeps remove': { args: 'sweep_x', exit: 66 },
  quality: { args: 'nothing', exit: 64 },
  'quality list': { exit: 0 },
  'quality pack': { args: 'nothing --out x.pack', exit: 66 },
  load: { args: '--shapes', exit: 0 },
  'models list': { exit: 0 },
  'models inspect': { args: model, exit: 0 },
  'models fit': { args: 'nothing', exit: 66 },
  'models memory': { exit: 0 },
  'models predict': { args: 'nothing', exit: 66 },
  'models quantize': { args: `${model} Q9`, exit: 64 },
  'models imatrix': { args: `${model} --text nothing.txt`, exit: 66 },
  'models pull': { args: 'nothing', exit: 64 },
  'models hash': { args: model, exit: 0 },
  'models types': { exit: 0 },
  'models import': { args: 'nothing.gguf', exit: 66 },
  'models remove': { args: 'nothing', exit: 66 },
  synth: { exit: 0 },
  'keys create': { args: 'laptop', exit: 0 },
  'keys list': { exit: 0 },
  'keys show': { args: 'key_x', exit: 66 },
  'keys roles': { exit: 0 },
  'keys limit': { args: 'key_x --model demo --rpm 5', exit: 66 },
  'keys rotate': { args: 'key_x', exit: 66 },
  'keys renew': { exit: 0 },
  'keys revoke': { args: 'key_x', exit: 66 },
  'keys audit': { exit: 0 },
  'requests list': { exit: 0 },
  'requests show': { args: 'req_x', exit: 66 },
  'requests cancel': { args: 'req_x', exit: 66 },
  'requests record': { exit: 66 },
  'server status': { exit: 0 },
  'server open': { args: '--listen 0.0.0.0', exit: 69 }, // it is off
  'server close': { exit: 0 },
  'server certificate': { exit: 66 },
  'usage sum': { exit: 0 },
  'usage export': { args: '--from 2026-11 --to 2026-12', exit: 0 },
  'usage statement': { args: '--tenant default --month 2026-11 --currency EUR', exit: 0 },
  'usage budgets list': { exit: 0 },
  'usage budgets set': { args: '--tenant default --window month --tokens 1000', exit: 0 },
  'usage budgets remove': { args: '--tenant default --window year', exit: 66 },
  'alerts show': { exit: 0 },
  'alerts set': { args: 'nowhere', exit: 64 },
  'alerts off': { exit: 0 },
  'alerts test': { args: '', exit: 66 },
  'usage cost': { exit: 66 },
  'prices local': { exit: 0 },
  'prices list': { exit: 0 },
  'prices set': { args: 'demo --currency EUR --prompt 0.25 --output 1 --from 2026-11-01', exit: 0 },
  'prices remove': { args: 'nobody --currency EUR --from 2026-11-01', exit: 66 },
  'tenants list': { exit: 0 },
  'tenants limits': { exit: 0 },
  'tenants create': { args: 'lab', exit: 0 },
  'tenants add-project': { args: 'nobody project', exit: 66 },
  'tenants suspend': { args: 'nobody', exit: 66 },
  'tenants resume': { args: 'nobody/project', exit: 66 },
  'tenants rename': { args: 'default Everyone', exit: 0 },
  'tenants remove': { args: 'nobody --yes', exit: 66 },
  'tenants limit': { args: 'nobody --rpm 5', exit: 66 },
  compat: { args: 'http://127.0.0.1:9', exit: 69 },
  'engines list': { exit: 0 },
  'engines steps': { args: 'engine_x', exit: 66 },
  'engines unload': { args: 'engine_x', exit: 66 },
  'engines unmark': { args: model, exit: 0 },
  hardware: 'tested as process',
  doctor: { exit: 0 },
  'jobs list': { exit: 0 },
  'jobs cancel': { args: 'job_x', exit: 66 },
  'jobs resume': { args: 'job_x', exit: 66 },
  'settings get': { exit: 0 },
  'settings set': { args: 'theme dark', exit: 0 },
};

/** Groups that are commands, too. */
const actingGroups: ReadonlySet<string> = new Set(['report', 'quality']);

/** Every command that does something itself, by the words that call it. */
const callable = (group: Command, words: readonly string[] = []): readonly string[] =>
  group.commands.flatMap((command) => {
    const own = [...words, command.name()];
    const isActing = command.commands.length === 0 || actingGroups.has(command.name());
    return [...(isActing ? [own.join(' ')] : []), ...callable(command, own)];
  });

describe('with --json', () => {
  let stdout = '';
  beforeEach(() => {
    stdout = '';
    for (const name of ['HOME', 'DYNO_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, home);
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = 0;
  });

  it('every command there is stands in the list of this test', () => {
    expect(callable(createProgram()).toSorted()).toEqual(Object.keys(lines).toSorted());
  });

  it.each(
    Object.entries(lines).flatMap(([name, line]) =>
      line === 'tested as process' ? [] : [{ name, ...line }],
    ),
  )('$name prints one JSON document and ends with $exit', async ({ name, args = '', exit }) => {
    process.exitCode = 0;
    await createProgram().parseAsync(['node', 'dyno', ...`${name} ${args} --json`.split(/ +/)]);

    const said: unknown = JSON.parse(stdout);
    const error = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).safeParse(said);
    expect([process.exitCode, error.success]).toEqual([exit, exit !== 0]);
  });
});
