import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';

const root = import.meta.dirname;

/** What stays outside the bundles: Electron itself, native packages, Node's own modules. */
const external = [
  'electron',
  'node-llama-cpp',
  'koffi',
  'systeminformation',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
];

/**
 * V8 keeps a source of ASCII in one byte a character and any other in two, for as long as the process lives: 4 MB of the
 * host. Source maps stay right but for the columns behind such a character.
 */
const inAscii: Plugin = {
  name: 'in-ascii',
  applyToEnvironment: ({ config }) => config.consumer === 'server',
  generateBundle: (_options, bundle) => {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      output.code = output.code.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** A bundle that runs in Node: everything inside but the externals. */
const nodeEnvironment = (
  folder: string,
  input: Readonly<Record<string, string>>,
  format: 'es' | 'cjs' = 'es',
): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external, conditions: ['node', 'import', 'default'] },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    ssr: true,
    outDir: resolve(root, 'out', folder),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    copyPublicDir: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, resolve(root, file)])),
      output: {
        format,
        entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
        chunkFileNames: 'chunk-[hash].js',
      },
    },
  },
});

/** The host of `npm run dev`; the proxy speaks to it as its own page would. */
const devHost = 'http://127.0.0.1:7843';

export default defineConfig({
  root: resolve(root, 'renderer'),
  base: './',
  publicDir: false,
  plugins: [react(), inAscii],
  server: {
    proxy: {
      '/rpc': {
        target: devHost,
        ws: true,
        changeOrigin: true,
        configure: (proxy) => proxy.on('proxyReqWs', (request) => request.setHeader('origin', devHost)),
      },
    },
  },
  environments: {
    client: {
      build: {
        outDir: resolve(root, 'out/renderer'),
        emptyOutDir: true,
        target: 'es2024',
        chunkSizeWarningLimit: 1500,
        rolldownOptions: { input: resolve(root, 'renderer/index.html') },
      },
    },
    main: nodeEnvironment('main', { main: 'electron/shell/main.ts' }),
    preload: nodeEnvironment('preload', { preload: 'electron/shell/preload/preload.ts' }, 'cjs'),
    children: nodeEnvironment('children', {
      engine: 'electron/engine/host/main.ts',
      inspector: 'electron/engine/inspector/main.ts',
      driver: 'electron/bench/driver/main.ts',
      telemetry: 'electron/hardware/telemetry-main.ts',
    }),
    cli: nodeEnvironment('cli', { dyno: 'electron/cli/main.ts' }),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment);
      }
    },
  },
});
