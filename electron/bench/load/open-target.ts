import { join } from 'node:path';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import type { LoadRun, LoadTarget, PromptSourceChoice } from '../../../shared/contract/load.ts';
import type { Driver } from '../driver/create-driver.ts';
import type { DriverTarget } from '../driver/messages.ts';
import { ownTarget } from '../measure/own-target.ts';
import { createPromptSource } from '../measure/prompts.ts';
import { createEstimatedPrompts } from './estimated-prompts.ts';
import { findModel } from './find-model.ts';
import type { LoadPorts } from './load-ports.ts';
import { probeTarget } from './probe-target.ts';
import { readPrompts } from './prompt-file.ts';
import { randomIdText, randomWordText } from './random-text.ts';
import type { PromptMaterial } from './write-prompts.ts';

/** Values that are never stored. */
export interface Secrets {
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A target that answers, and the prompts for it. Disposing it closes what was opened for it. */
export interface OpenTarget extends AsyncDisposable {
  readonly target: DriverTarget;
  readonly facts: LoadTarget;
  readonly prompts: PromptMaterial;
}

interface OpenOptions {
  readonly run: Pick<LoadRun, 'target' | 'prompts' | 'seed' | 'idleTimeoutMs'>;
  readonly driver: Driver;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

const readFilePrompts = async (
  ports: Pick<LoadPorts, 'files'>,
  choice: Extract<PromptSourceChoice, { type: 'file' }>,
): Promise<PromptMaterial> => ({
  type: 'file',
  prompts: readPrompts(await ports.files.readText(choice.path)),
});

const openUrl = async (ports: LoadPorts, options: OpenOptions): Promise<OpenTarget> => {
  const { run, driver, secrets, signal, note } = options;
  const { url: baseUrl, dialect } = run.target;
  const { apiKey, headers } = secrets;
  const authorization = apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
  const found =
    run.target.model === ''
      ? await findModel(ports, {
          baseUrl,
          dialect,
          headers: { ...authorization, ...headers },
          timeoutMs: run.idleTimeoutMs,
          signal,
        })
      : { model: run.target.model, server: run.target.server };
  const corpus = await readCorpus(ports);
  note(`Asking ${baseUrl} for a first answer of ${found.model}`);
  const probed = await probeTarget(
    { baseUrl, apiKey, headers: { ...headers }, modelName: found.model },
    dialect,
    {
      driver,
      corpus,
      idleTimeoutMs: run.idleTimeoutMs,
      signal,
    },
  );
  const isFile = run.prompts.type === 'file';
  const text = run.prompts.type === 'random' ? randomWordText(run.seed) : corpus;
  return {
    target: probed.target,
    facts: {
      ...run.target,
      model: found.model,
      dialect: probed.target.dialect,
      server: found.server,
      promptLengths: isFile ? 'as-given' : probed.isCalibrated ? 'calibrated' : 'estimated',
    },
    prompts:
      run.prompts.type === 'file'
        ? await readFilePrompts(ports, run.prompts)
        : { type: 'built', source: createEstimatedPrompts(text, probed.scale), isExact: false },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};

const openModel = async (ports: LoadPorts, options: OpenOptions): Promise<OpenTarget> => {
  const { run, driver, signal, note } = options;
  await using opened = new AsyncDisposableStack();
  const model = await ports.resolveModel(run.target.model);
  const replica = await ports.engines.acquire(
    {
      modelId: model.id,
      path: model.path,
      settings: engineSettingsSchema.parse(run.target.settings),
      isExclusive: true,
    },
    { signal, onProgress: (fraction) => note(`Loading ${model.id}, ${Math.round(fraction * 100)} %`) },
  );
  opened.use(replica);
  const server = opened.use(await ports.openTarget(replica, signal));
  const route = replica.facts().features.chat ? 'chat' : 'completion';
  const corpus =
    run.prompts.type === 'random' ? await randomIdText(replica, run.seed) : await readCorpus(ports);
  const target = ownTarget(server, route);
  await probeTarget(target, target.dialect, { driver, corpus, idleTimeoutMs: run.idleTimeoutMs, signal });
  const prompts: PromptMaterial =
    run.prompts.type === 'file'
      ? await readFilePrompts(ports, run.prompts)
      : { type: 'built', source: await createPromptSource(replica, { corpus, route }), isExact: true };
  const owned = opened.move();
  return {
    target,
    facts: {
      ...run.target,
      url: server.baseUrl,
      dialect: target.dialect,
      server: 'Dyno',
      promptLengths: run.prompts.type === 'file' ? 'as-given' : 'exact',
    },
    prompts,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

const readCorpus = ({ files, folders }: Pick<LoadPorts, 'files' | 'folders'>): Promise<string> =>
  files.readText(join(folders.resources, 'text', 'heldout.txt'));

/**
 * Makes a run's target ready: loads the model behind Dyno's own server, or finds out how the server at an address is asked.
 * @throws AppError `bench.target-*`, `bench.prompts-invalid`, `engine.*`, `models.*`, `app.cancelled`
 */
export const openTarget = (ports: LoadPorts, options: OpenOptions): Promise<OpenTarget> =>
  options.run.target.type === 'url' ? openUrl(ports, options) : openModel(ports, options);
