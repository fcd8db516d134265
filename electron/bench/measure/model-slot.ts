import type { BenchModel } from '../../../shared/contract/bench.ts';
import type { EngineFacts } from '../../../shared/contract/engine.ts';
import { engineSettingsSchema, type EngineSettingsPatch } from '../../../shared/contract/models.ts';
import { toAppError, type AppError } from '../../../shared/errors/app-error.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import type { BenchPorts, BenchTarget } from '../ports.ts';
import type { CommonThreads } from './common-threads.ts';
import { createPromptSource, type PromptSource } from './prompts.ts';

/** A loaded model with what is opened on it as tests ask for it. */
export interface LoadedModel {
  readonly replica: EngineReplica;
  readonly facts: EngineFacts;
  readonly route: 'chat' | 'completion';
  target(): Promise<BenchTarget>;
  prompts(corpus: string): Promise<PromptSource>;
}

/** A model's place in a block. Disposing it closes the server and unloads the model. */
export interface ModelSlot extends AsyncDisposable {
  readonly model: Pick<BenchModel, 'modelId' | 'path'> & Partial<Pick<BenchModel, 'variant'>>;
  /**
   * The loaded model: loads it at the first call, and again when its engine has crashed since.
   * @throws AppError of the pool; a file that could not be loaded is not tried again
   */
  loaded(): Promise<LoadedModel>;
}

interface OpenModel extends LoadedModel {
  /** What to close, in reverse order of opening. */
  readonly opened: AsyncDisposableStack;
}

interface SlotOptions {
  readonly ports: Pick<BenchPorts, 'engines' | 'openTarget'>;
  readonly model: Pick<BenchModel, 'modelId' | 'path'> & Partial<Pick<BenchModel, 'variant'>>;
  readonly settings: EngineSettingsPatch;
  readonly threads: CommonThreads;
  readonly signal: AbortSignal;
  /** Loading begins; disposed once it has ended, well or not. */
  readonly onLoading?: () => Disposable;
  /** Loading has begun or gone on, 0..1. */
  readonly onProgress: (fraction: number) => void;
  readonly onLoaded: (facts: EngineFacts) => void;
}

/** Failures of a process, not of the file: worth a second load. */
const isCrash = (error: AppError): boolean =>
  error.code === 'engine.crashed' || error.code === 'engine.not-ready';

export const createModelSlot = (options: SlotOptions): ModelSlot => {
  const { ports, model, signal } = options;
  const settings = engineSettingsSchema.parse(options.settings);
  let current: OpenModel | undefined;
  let refusal: AppError | undefined;

  const acquire = async (): Promise<EngineReplica> => {
    using _loading = options.onLoading?.();
    return await ports.engines.acquire(
      {
        modelId: model.variant?.of ?? model.modelId,
        path: model.path,
        settings,
        threadChoice: options.threads.choice(),
        isExclusive: true,
      },
      { signal, onProgress: options.onProgress },
    );
  };
  const open = async (): Promise<OpenModel> => {
    const opened = new AsyncDisposableStack();
    const replica = await acquire();
    opened.use(replica);
    const facts = replica.facts();
    const route = facts.features.chat ? 'chat' : 'completion';
    let target: Promise<BenchTarget> | undefined;
    let prompts: Promise<PromptSource> | undefined;
    if (settings.threads === 'auto') options.threads.learn(facts);
    options.onLoaded(facts);
    return {
      replica,
      facts,
      route,
      target: () => (target ??= ports.openTarget(replica, signal).then((server) => opened.use(server))),
      prompts: (corpus) => (prompts ??= createPromptSource(replica, { corpus, route })),
      opened,
    };
  };
  const close = async (): Promise<void> => {
    const closing = current;
    current = undefined;
    await closing?.opened.disposeAsync();
  };

  return {
    model,
    loaded: async () => {
      if (refusal !== undefined) throw refusal;
      if (current !== undefined && current.replica.state().type !== 'ready') await close();
      if (current !== undefined) return current;
      try {
        current = await open();
        return current;
      } catch (error) {
        const failure = toAppError(error, 'engine.load-failed');
        if (!signal.aborted && !isCrash(failure)) refusal = failure;
        throw failure;
      }
    },
    [Symbol.asyncDispose]: close,
  };
};
