import type { ModelMaker } from '../../electron/bench/index.ts';
import { derivedModel } from '../../shared/contract/bench-make.ts';
import type { Model } from '../../shared/contract/models.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeFiles } from './fake-files.ts';

/** A maker that takes a second per file in ten steps, on virtual time. */
export interface FakeMaker extends ModelMaker {
  /** Every file it began, as `type path`. */
  readonly orders: readonly string[];
  /** From now on this type cannot be made. */
  fail(type: string, error: AppError): void;
  /** From now on every type can be made. */
  mend(): void;
}

interface Options {
  readonly clock: FakeClock;
  readonly files: FakeFiles;
  /** The library; what is made joins it. */
  readonly models: Model[];
  /** The file of a type as the library would describe it. */
  readonly describe: (type: string, path: string) => Model;
}

export const createFakeMaker = ({ clock, files, models, describe }: Options): FakeMaker => {
  const orders: string[] = [];
  const refusals = new Map<string, AppError>();
  return {
    orders,
    fail: (type, error) => void refusals.set(type, error),
    mend: () => refusals.clear(),
    find: async (base, type) => Promise.resolve(derivedModel(models, base, type)),
    freePath: async (_base, type) => Promise.resolve(`/home/user/models/river-1b-${type}.gguf`),
    make: async ({ base, type, path }, { signal, onProgress }) => {
      if ((await files.stat(path)) === undefined) {
        orders.push(`${type} ${path}`);
        for (let step = 1; step <= 10; step += 1) {
          await clock.sleep(100, signal);
          onProgress({ fraction: step / 10 });
        }
        const refusal = refusals.get(type);
        if (refusal !== undefined) throw refusal;
        files.put(path, type);
      }
      const model = { ...describe(type, path), derivedFrom: base.id };
      models.push(model);
      return model;
    },
  };
};
