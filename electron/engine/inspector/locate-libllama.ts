import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/table.ts';
import type { NativeBackend } from '../scoring/scorer.ts';

/** Where the llama.cpp of node-llama-cpp lies, and what it says of itself. */
interface LibllamaFiles {
  readonly packageVersion: string;
  /** llama.cpp's release tag, from the build's own metadata. */
  readonly llamaCppRelease: string;
  /** Where the libraries lie, the compute backends among them. */
  readonly folder: string;
  /** Shared libraries in load order: each needs those before it. */
  readonly libraries: readonly string[];
}

const platformNames: Readonly<Record<string, string>> = { linux: 'linux', win32: 'win', darwin: 'mac' };
const archNames: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'arm64', arm: 'armv7l' };

/** `libllama.so`, `libllama.v0.5.0.dylib`, `llama.dll`; not `libllama-common.so`. */
const library = (name: string): RegExp => new RegExp(`^(lib)?${name}(\\.[\\w.]+)?\\.(so|dylib|dll)$`);

/** Native files cannot be opened inside an Electron archive; the packer leaves them beside it. */
const outsideArchive = (path: string): string =>
  path.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`);

const versionSchema = z.object({ version: z.string() });
const metadataSchema = z.object({ buildOptions: z.object({ llamaCpp: z.object({ release: z.string() }) }) });
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Finds the prebuilt llama.cpp of a backend. The CPU build of a Mac with Apple silicon is the one with Metal.
 * @throws AppError `code` when the package of this platform is not installed
 */
export const locateLibllama = (backend: NativeBackend, code: ErrorCode): LibllamaFiles => {
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')));
  const target = `${platformNames[process.platform] ?? process.platform}-${archNames[process.arch] ?? process.arch}`;
  const variants = backend === 'cpu' ? [target, `${target}-metal`] : [`${target}-${backend}`];
  const folders = variants
    .flatMap((variant) => [
      join(packageFolder, '..', '@node-llama-cpp', variant, 'bins', variant),
      join(packageFolder, 'node_modules', '@node-llama-cpp', variant, 'bins', variant),
      join(packageFolder, 'bins', variant),
    ])
    .map(outsideArchive);
  const folder = folders.find((candidate) => existsSync(join(candidate, '_nlcBuildMetadata.json')));
  if (folder === undefined)
    throw new AppError(code, `No prebuilt llama.cpp for ${variants.join(' or ')} is installed.`, {
      hint: 'Run npm ci again, with optional dependencies.',
      details: { folders },
    });
  const names = readdirSync(folder);
  const libraries = ['ggml-base', 'ggml', 'llama'].map((part) => {
    const name = names.find((candidate) => library(part).test(candidate));
    if (name === undefined)
      throw new AppError(code, `The prebuilt llama.cpp for ${target} lacks ${part}.`, {
        hint: 'Run npm ci again.',
        details: { folder, names },
      });
    return join(folder, name);
  });
  const metadata = metadataSchema.parse(readJson(join(folder, '_nlcBuildMetadata.json')));
  return {
    packageVersion: versionSchema.parse(readJson(join(packageFolder, 'package.json'))).version,
    llamaCppRelease: metadata.buildOptions.llamaCpp.release,
    folder,
    libraries,
  };
};
