import { packInputSchema, qualityInputSchema } from '../../shared/contract/quality.ts';
import type { Quality } from '../bench/index.ts';
import type { JobDefinition } from './job-definition.ts';

const lastPart = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** Judging quantizations and writing reference packs. Finished windows are kept, so a job that ended early goes on. */
export const qualityJobs = (quality: Pick<Quality, 'run' | 'writePack'>): readonly JobDefinition[] => [
  {
    kind: 'quality',
    isPausable: true,
    title: (raw) => {
      const { candidates } = qualityInputSchema.parse(raw);
      const [first = ''] = candidates;
      return `Quality of ${candidates.length === 1 ? lastPart(first) : `${candidates.length} models`}`;
    },
    run: async (raw, { signal, report }) => {
      const ids = await quality.run(qualityInputSchema.parse(raw), {
        signal,
        onProgress: (fraction, note) => report({ fraction, note }),
      });
      return ids.join(',');
    },
  },
  {
    kind: 'quality-pack',
    isPausable: false,
    title: (raw) => `Reference pack of ${lastPart(packInputSchema.parse(raw).base)}`,
    run: async (raw, { signal, report }) => {
      const { path } = await quality.writePack(packInputSchema.parse(raw), {
        signal,
        onProgress: (fraction, note) => report({ fraction, note }),
      });
      return path;
    },
  },
];
