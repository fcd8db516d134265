/**
 * `node --import register.ts out/main/main.js` runs the compiled main bundle on the stand-in: every import of
 * `electron` resolves to `electron.ts` beside this file. A real `electron` import in plain Node would start a download.
 */
import { registerHooks } from 'node:module';
import { serveControl } from './control.ts';
import { pretendElectron } from './pretend-electron.ts';

const standIn = new URL('./electron.ts', import.meta.url).href;
const names = new Set(['electron', 'electron/main']);

registerHooks({
  resolve: (specifier, context, next) =>
    names.has(specifier) ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

pretendElectron();
const { STUB_RESOURCES } = process.env;
if (STUB_RESOURCES !== undefined) Object.assign(process, { resourcesPath: STUB_RESOURCES });
if (process.send !== undefined) serveControl(() => import('./electron.ts'));
