/**
 * A stand-in that throws on any member it lacks, so that a use the stand-in does not cover fails loudly instead of
 * passing as `undefined`. Methods are bound to the stand-in itself, which may have private fields.
 */
export const strict = <Api extends object>(name: string, api: Api): Api =>
  new Proxy(api, {
    get: (target, key) => {
      if (typeof key !== 'symbol' && key !== 'then' && !Reflect.has(target, key)) {
        throw new Error(`The Electron stand-in lacks ${name}.${key}`);
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
