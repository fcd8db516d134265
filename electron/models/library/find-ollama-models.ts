import { join, relative } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Files, Logger } from '../../platform/ports.ts';
import { listQuietly } from './find-files.ts';
import { readSmallText } from './read-small-text.ts';

const MODEL_LAYER = 'application/vnd.ollama.image.model';
const DEFAULT_REGISTRY = 'registry.ollama.ai';
const MAX_MANIFESTS = 2_000;
/** `<registry>/<namespace>/<model>/<tag>` */
const MANIFEST_DEPTH = 4;

const manifestSchema = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })).max(1000),
});

export interface OllamaModel {
  readonly path: string;
  /** As Ollama shows it: `llama3.2:1b`, `owner/model:tag`. */
  readonly name: string;
}

interface Options {
  readonly files: Pick<Files, 'list' | 'stat' | 'readText'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const displayName = (segments: readonly string[]): string => {
  const [registry = '', namespace = '', model = '', tag = ''] = segments;
  const owner = namespace === 'library' ? '' : `${namespace}/`;
  return `${registry === DEFAULT_REGISTRY ? '' : `${registry}/`}${owner}${model}:${tag}`;
};

const manifestsBelow = async (folder: string, options: Options): Promise<readonly string[]> => {
  const found: string[] = [];
  let folders = [folder];
  for (let depth = 1; depth <= MANIFEST_DEPTH; depth += 1) {
    const entries = [];
    for (const each of folders) {
      if (options.signal.aborted) throw new AppError('app.cancelled');
      entries.push(...(await listQuietly(options, each)));
    }
    if (depth === MANIFEST_DEPTH) {
      found.push(...entries.filter((entry) => entry.kind === 'file').map((entry) => entry.path));
    }
    folders = entries.filter((entry) => entry.kind === 'folder').map((entry) => entry.path);
  }
  return found.slice(0, MAX_MANIFESTS);
};

/** The blob a manifest names as weights; `undefined` when it names none, or not in the form of a digest. */
const weightsBlob = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // half-written by Ollama, or not its file
    throw error;
  }
  const layer = manifestSchema.safeParse(raw).data?.layers.find(({ mediaType }) => mediaType === MODEL_LAYER);
  const digest = /^sha256[:-]([0-9a-f]{64})$/.exec(layer?.digest ?? '')?.[1];
  return digest === undefined ? undefined : `sha256-${digest}`;
};

/** Models of an Ollama store in place: manifests name blobs, which are plain GGUF files. */
export const findOllamaModels = async (root: string, options: Options): Promise<readonly OllamaModel[]> => {
  const folder = join(root, 'manifests');
  const models: OllamaModel[] = [];
  for (const manifest of await manifestsBelow(folder, options)) {
    const blob = weightsBlob(await readSmallText(options.files, manifest));
    if (blob === undefined) continue;
    models.push({
      path: join(root, 'blobs', blob),
      name: displayName(relative(folder, manifest).split(/[\\/]/)),
    });
  }
  return models;
};
