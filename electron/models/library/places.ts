import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Model } from '../../../shared/contract/models.ts';
import type { Files, Folders, HostFacts } from '../../platform/ports.ts';
import { readSmallText } from './read-small-text.ts';

export type ModelSource = Model['source'];

/** A place to look for models: a tree of .gguf files, or Ollama's store of blobs with manifests. */
export interface Place {
  readonly kind: 'tree' | 'ollama';
  readonly folder: string;
  readonly source: ModelSource;
}

interface PlacePorts {
  readonly files: Pick<Files, 'stat' | 'readText'>;
  readonly host: Pick<HostFacts, 'env' | 'homeFolder' | 'platform'>;
  readonly folders: Folders;
}

type ScanSettings = Pick<Settings, 'modelFolders' | 'scanHuggingFaceCache' | 'scanLmStudio' | 'scanOllama'>;

/** An environment variable that says something. */
const envOf = (host: PlacePorts['host'], name: string): string | undefined => {
  const value = host.env[name];
  return value === undefined || value === '' ? undefined : value;
};

/** https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables */
const huggingFaceFolder = (host: PlacePorts['host']): string => {
  const cache = envOf(host, 'XDG_CACHE_HOME') ?? join(host.homeFolder, '.cache');
  const home = envOf(host, 'HF_HOME') ?? join(cache, 'huggingface');
  return envOf(host, 'HF_HUB_CACHE') ?? envOf(host, 'HUGGINGFACE_HUB_CACHE') ?? join(home, 'hub');
};

const lmStudioSettings = z.object({ downloadsFolder: z.string().min(1).optional() });

/** LM Studio's home is where its pointer file says, and its models where its settings say. */
const lmStudioFolders = async ({ files, host }: PlacePorts): Promise<readonly string[]> => {
  const pointer = await readSmallText(files, join(host.homeFolder, '.lmstudio-home-pointer'));
  const homes = [
    pointer?.trim() ?? '',
    join(host.homeFolder, '.lmstudio'),
    join(host.homeFolder, '.cache', 'lm-studio'),
  ].filter((home) => home !== '');
  const chosen = await Promise.all(
    homes.map(async (home) => {
      const settings = parseJson(await readSmallText(files, join(home, 'settings.json')));
      return lmStudioSettings.safeParse(settings).data?.downloadsFolder;
    }),
  );
  return [...homes.map((home) => join(home, 'models')), ...chosen.filter((folder) => folder !== undefined)];
};

const parseJson = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // another program's file: as good as none
    throw error;
  }
};

/** Ollama keeps models in its user's home; the Linux service has a user of its own. */
const ollamaFolders = (host: PlacePorts['host']): readonly string[] => {
  const chosen = envOf(host, 'OLLAMA_MODELS');
  const own = join(host.homeFolder, '.ollama', 'models');
  const service = host.platform === 'linux' ? ['/usr/share/ollama/.ollama/models'] : [];
  return chosen === undefined ? [own, ...service] : [chosen, own, ...service];
};

/**
 * Where models may lie, most trusted first: when two places hold the same file, the first gives its name and source.
 * Folders that do not exist are in the list, too; they are empty.
 */
export const findPlaces = async (ports: PlacePorts, settings: ScanSettings): Promise<readonly Place[]> => {
  const { host, folders } = ports;
  const tree = (source: ModelSource) => (folder: string) => ({ kind: 'tree', folder, source }) as const;
  const places: readonly Place[] = [
    tree('bundled')(join(folders.resources, 'model')),
    tree('dyno')(folders.models),
    ...settings.modelFolders.map(tree('folder')),
    ...(settings.scanHuggingFaceCache ? [tree('hugging-face')(huggingFaceFolder(host))] : []),
    ...(settings.scanLmStudio ? (await lmStudioFolders(ports)).map(tree('lm-studio')) : []),
    ...(settings.scanOllama
      ? ollamaFolders(host).map((folder) => ({ kind: 'ollama', folder, source: 'ollama' }) as const)
      : []),
  ];
  return places.filter(({ folder }, index) => places.findIndex((each) => each.folder === folder) === index);
};
