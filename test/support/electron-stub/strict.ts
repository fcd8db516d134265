/** What the app asked of the shell, in order; tests read it from the stand-in's log. */
export const record = (kind: string, ...details: readonly unknown[]): void => {
  process.stdout.write(`stub ${JSON.stringify([kind, ...details])}\n`);
};

/**
 * A stand-in that throws on any member it lacks, so that a use the stand-in does not cover fails loudly instead of
 * passing as `undefined`.
 */
export const strict = <Api extends object>(name: string, api: Api): Api =>
  new Proxy(api, {
    get: (target, key, receiver) => {
      if (typeof key === 'symbol' || key === 'then' || Reflect.has(target, key))
        return Reflect.get(target, key, receiver);
      throw new Error(`The Electron stand-in lacks ${name}.${key}`);
    },
  });
