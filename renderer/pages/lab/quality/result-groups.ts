import type { QualityResult } from '../../../../shared/contract/quality.ts';

/** Results that may stand in one table: the same base, text and protocol. */
export interface ResultGroup {
  readonly key: string;
  readonly title: string;
  readonly results: readonly QualityResult[];
}

export const labelOf = ({ candidate }: QualityResult): string => candidate.quantization;

const keyOf = ({ base, text }: QualityResult): string => {
  const { contextSize, windowCount, formulaVersion, llamaCppRelease } = text.protocol;
  const protocol = [contextSize, windowCount, formulaVersion, llamaCppRelease, text.kld.kind].join(' ');
  return `${base.sha256} ${text.text.sha256} ${protocol}`;
};

/** Groups in the order of their newest result; results of a group by size, the largest first. */
export const groupResults = (results: readonly QualityResult[]): readonly ResultGroup[] =>
  [...Map.groupBy(results, keyOf)].map(([key, group]) => {
    const [first] = group;
    const { base, text } = first ?? { base: undefined, text: undefined };
    const bound = text?.kld.kind === 'lower-bound' ? ', from a pack' : '';
    const windows = text?.protocol.windowCount ?? 0;
    return {
      key,
      title: `${base?.modelId ?? ''} · ${text?.text.name ?? ''} · ${windows} windows${bound}`,
      results: group.toSorted((a, b) => b.candidate.sizeBytes - a.candidate.sizeBytes),
    };
  });
