import { describe, expect, it } from 'vitest';
import { findPlaces } from '../../../../electron/models/library/places.ts';
import { settingsSchema } from '../../../../shared/contract/settings.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeHost } from '../../../support/fake-host.ts';

const folders = { data: '/data', models: '/data/models', resources: '/app/resources' };
const settings = settingsSchema.parse({});

const foldersOf = async (
  env: Readonly<Record<string, string>> = {},
  disk: Readonly<Record<string, string>> = {},
  changes: Partial<typeof settings> = {},
) => {
  const ports = { files: createFakeFiles(disk), host: createFakeHost({ env }), folders };
  const places = await findPlaces(ports, { ...settings, ...changes });
  return places.map(({ source, folder }) => `${source} ${folder}`);
};

describe('findPlaces', () => {
  it('knows the folders of the usual tools, own places first', async () => {
    expect(await foldersOf()).toEqual([
      'bundled /app/resources/model',
      'dyno /data/models',
      'hugging-face /home/user/.cache/huggingface/hub',
      'lm-studio /home/user/.lmstudio/models',
      'lm-studio /home/user/.cache/lm-studio/models',
      'ollama /home/user/.ollama/models',
      'ollama /usr/share/ollama/.ollama/models',
    ]);
  });

  it('follows the environment of those tools', async () => {
    const places = await foldersOf({ HF_HOME: '/big/hf', OLLAMA_MODELS: '/big/ollama' });
    expect(places).toContain('hugging-face /big/hf/hub');
    expect(places).toContain('ollama /big/ollama');
    expect(await foldersOf({ HF_HOME: '/big/hf', HF_HUB_CACHE: '/hub' })).toContain('hugging-face /hub');
  });

  it("follows LM Studio's pointer file and its chosen downloads folder", async () => {
    const places = await foldersOf(
      {},
      {
        '/home/user/.lmstudio-home-pointer': '/big/lms\n',
        '/big/lms/settings.json': '{"downloadsFolder":"/big/gguf"}',
        '/home/user/.lmstudio/settings.json': 'not json',
      },
    );
    expect(places.filter((place) => place.startsWith('lm-studio'))).toEqual([
      'lm-studio /big/lms/models',
      'lm-studio /home/user/.lmstudio/models',
      'lm-studio /home/user/.cache/lm-studio/models',
      'lm-studio /big/gguf',
    ]);
  });

  it('leaves out what the settings switch off, and takes folders of the user once', async () => {
    const off = { scanHuggingFaceCache: false, scanLmStudio: false, scanOllama: false };
    expect(await foldersOf({}, {}, { ...off, modelFolders: ['/a', '/b', '/a', '/data/models'] })).toEqual([
      'bundled /app/resources/model',
      'dyno /data/models',
      'folder /a',
      'folder /b',
    ]);
  });
});
