import { describe, expect, it } from 'vitest';
import { refuseSynthetic } from '../../../../electron/models/index.ts';
import { describeModel } from '../../../../electron/models/library/describe-model.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';

describe('the mark of a synthetic file', () => {
  it('is read back by the library', async () => {
    const files = createFakeFiles();
    await writeTinyModel('/m/random.gguf', {}, files);
    await writeTinyModel('/m/real.gguf', { dropKeys: ['dyno.synthetic'] }, files);
    expect((await describeModel(files, '/m/random.gguf')).model.isSynthetic).toBe(true);
    expect((await describeModel(files, '/m/real.gguf')).model.isSynthetic).toBe(false);
  });

  it('refuses to have the quality of random weights judged', () => {
    expect(() => refuseSynthetic({ id: 'random', isSynthetic: true })).toThrow(
      expect.objectContaining({ code: 'models.synthetic' }),
    );
    expect(() => refuseSynthetic({ id: 'real', isSynthetic: false })).not.toThrow();
  });
});
