/**
 * `node --import register.ts out/main/main.js` runs the compiled main bundle on the stand-in: every import of
 * `electron` resolves to `electron.ts` beside this file. A real `electron` import in plain Node would start a download.
 */
import { registerHooks } from 'node:module';

const standIn = new URL('./electron.ts', import.meta.url).href;
const names = new Set(['electron', 'electron/main']);

registerHooks({
  resolve: (specifier, context, next) =>
    names.has(specifier) ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
