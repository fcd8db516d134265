import { z } from 'zod';
import type { CompatEvent, CompatInput, CompatResult } from '../../../shared/contract/compat.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock, Http } from '../../platform/ports.ts';
import { chatChecks } from './chat-checks.ts';
import type { CompatCheck } from './check.ts';
import { anthropicChecks, ollamaChecks, responseChecks } from './dialect-checks.ts';
import { completionChecks, errorChecks, modelChecks } from './other-checks.ts';
import { createCompatTarget, parseJson, type CompatTarget } from './target.ts';

/** All checks, in the order they run. */
export const compatChecks: readonly CompatCheck[] = [
  ...modelChecks,
  ...chatChecks,
  ...completionChecks,
  ...responseChecks,
  ...anthropicChecks,
  ...ollamaChecks,
  ...errorChecks,
];

interface Ports {
  readonly http: Http;
  readonly clock: Clock;
}

/** The address without `/v1` and slashes at its end. */
const rootOf = (url: string): string => url.replace(/\/+$/u, '').replace(/\/v1$/u, '');

const firstModel = async (target: CompatTarget): Promise<string> => {
  const answer = await target.raw('/v1/models');
  if (answer.status === 401 || answer.status === 403) {
    throw new AppError('bench.target-unauthorized', `The server answers ${answer.status}.`, {
      hint: 'Give its key with --key.',
    });
  }
  const listed = z
    .object({ data: z.array(z.object({ id: z.string() })).min(1) })
    .safeParse(answer.status === 200 ? parseJson(answer.text) : undefined);
  const id = listed.data?.data[0]?.id;
  if (id !== undefined) return id;
  throw new AppError('bench.target-failed', `GET /v1/models answers ${answer.status} and lists no model.`, {
    hint: 'Name one with --model.',
  });
};

const runCheck = async (check: CompatCheck, target: CompatTarget, clock: Clock): Promise<CompatResult> => {
  const startMs = clock.monotonicMs();
  const { id, group, title } = check;
  const result = (outcome: CompatResult['outcome'], found: string | null): CompatResult => ({
    id,
    group,
    title,
    outcome,
    found,
    ms: Math.round(clock.monotonicMs() - startMs),
  });
  try {
    await check.run(target);
    return result('passed', null);
  } catch (error) {
    const known = toAppError(error);
    if (known.code === 'app.cancelled') throw known;
    return known.code === 'gateway.not-found'
      ? result('missing', `${known.message} Not Found`.slice(0, 40))
      : result('failed', known.message);
  }
};

/**
 * Runs every check against the server, one after another, and tells each result as it comes.
 * @throws AppError `bench.target-unreachable`, `bench.target-unauthorized`, `bench.target-failed` when it lists no
 *   model, `app.cancelled`
 */
export async function* runCompat(
  { http, clock }: Ports,
  input: CompatInput,
  signal: AbortSignal,
): AsyncGenerator<CompatEvent, void, void> {
  const base = rootOf(input.url);
  const targetOf = (model: string): CompatTarget =>
    createCompatTarget({ http, signal }, { base, apiKey: input.apiKey, model });
  let model: string;
  try {
    model = input.model ?? (await firstModel(targetOf('')));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bench.target-unreachable', `${base} does not answer.`, { cause: error });
  }
  const target = targetOf(model);
  yield { type: 'started', model, checks: compatChecks.length };
  for (const check of compatChecks) yield { type: 'checked', result: await runCheck(check, target, clock) };
}
