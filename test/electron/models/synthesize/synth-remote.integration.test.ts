import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { createModelServer, type ModelServer } from '../../../support/model-server.ts';
import { createSynthWorld, realShape } from '../../../support/synth-world.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

describe('a synthetic file from an address', () => {
  let server: ModelServer;
  let whole: Uint8Array;
  beforeEach(async () => {
    const { files } = createSynthWorld();
    await writeTinyModel('/m/big.gguf', { shape: realShape, type: 'F32', name: 'Big' }, files);
    whole = files.bytes('/m/big.gguf');
    server = await createModelServer(whole);
  });
  afterEach(() => server[Symbol.asyncDispose]());

  it('reads only the header, by ranges', async () => {
    const world = createSynthWorld();
    const { path } = await world.make({ source: `${server.origin}/big.gguf` });
    const header = await world.headerOf(path);
    expect(header.metadata.get('dyno.synthetic.source')).toMatchObject({ value: 'header of Big' });
    expect(server.requests.map((request) => request.header('range'))).toEqual(['bytes=0-1048575']);
    expect(whole.length).toBeGreaterThan(1.5 * 2 ** 20);
  });

  it('reads a hub address, and stops a server that knows no ranges after the header', async () => {
    server.route('/api/models/owner/repo/revision/main', {
      type: 'json',
      value: { siblings: [{ rfilename: 'big-F32.gguf', size: whole.length }] },
    });
    server.plan({ type: 'ignore-range' });
    const { path } = await createSynthWorld({ HF_ENDPOINT: server.origin }).make({
      source: 'owner/repo:F32',
    });
    expect(path).toBe('/data/models/big-F32-synthetic.gguf');
  });

  it('tells a web page, a missing file and a broken line apart', async () => {
    const codeOf = async () =>
      (await thrownBy(() => createSynthWorld().make({ source: `${server.origin}/big.gguf` }))).code;
    server.plan({ type: 'html' });
    expect(await codeOf()).toBe('models.not-gguf');
    server.plan({ type: 'status', status: 404 });
    expect(await codeOf()).toBe('models.not-found');
    server.plan({ type: 'break', afterBytes: 1000 });
    expect(await codeOf()).toBe('models.download-failed');
  });
});
