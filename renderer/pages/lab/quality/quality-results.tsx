import { Select } from '@mantine/core';
import { useState } from 'react';
import type { QualityResult } from '../../../../shared/contract/quality.ts';
import { kldInWords, kldLadder } from '../../../../shared/metrics/kld-ladder.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { formatScoredMean } from '../../../../shared/units/scored-mean.ts';
import { KeyValues } from '../../../ui/key-values.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { KldFigure } from './kld-figure.tsx';
import { groupResults, labelOf } from './result-groups.ts';
import { ResultTable } from './result-table.tsx';
import lab from '../lab.module.css';
import classes from './quality.module.css';

const Conditions = ({ result }: { readonly result: QualityResult }) => {
  const { base, text, conditions } = result;
  const { contextSize, windowCount, scoredPerWindow, llamaCppRelease } = text.protocol;
  return (
    <KeyValues
      items={[
        ['Base', `${base.modelId} (${base.quantization}), perplexity ${formatScoredMean(text.pplBase)}`],
        ['Text', text.text.name],
        [
          'Windows',
          `${formatCount(windowCount)} of ${contextSize} tokens, ${scoredPerWindow} scored in each`,
        ],
        ['Scored positions', `n ${formatCount(text.n)}`],
        ['Engine', `llama.cpp ${llamaCppRelease}, ${conditions.backend}`],
        ...(text.kld.kind === 'lower-bound'
          ? [['Captured mass', `${formatFigure(100 * text.kld.capturedMass)} %`] as const]
          : []),
      ]}
    />
  );
};

/** What a mean KLD means, by a model many know. */
const Ladder = ({ results }: { readonly results: readonly QualityResult[] }) => (
  <>
    <ul className={classes.places}>
      {results.map((result) => (
        <li key={result.id}>
          <strong>{labelOf(result)}</strong>: {kldInWords(result.text.kld)}.
        </li>
      ))}
    </ul>
    <KeyValues
      items={kldLadder.map(({ quantization, meanKld }) => [quantization, `${formatFigure(meanKld)} nats`])}
    />
    <p className={lab.note}>
      Mean KLD of Llama-3-8B on WikiText-2 against F16, from llama.cpp’s scoreboard, with an importance
      matrix: a sense of scale, not a comparison.
    </p>
  </>
);

/** What was judged so far; one base, text and protocol at a time. */
export const QualityResults = ({ results }: { readonly results: readonly QualityResult[] }) => {
  const groups = groupResults(results);
  const [chosen, setChosen] = useState<string | null>(null);
  const group = groups.find(({ key }) => key === chosen) ?? groups[0];
  const first = group?.results[0];
  if (group === undefined || first === undefined) return null;
  const caveats = [...new Set(group.results.flatMap((result) => result.caveats))];
  return (
    <>
      <Panel
        title="Results"
        isFlush
        actions={
          groups.length > 1 ? (
            <Select
              aria-label="Base, text and windows"
              className={classes.group}
              allowDeselect={false}
              data={groups.map(({ key, title }) => ({ value: key, label: title }))}
              value={group.key}
              onChange={setChosen}
            />
          ) : undefined
        }
      >
        <ResultTable results={group.results} />
        <p className={classes.footnote}>
          ± is one standard error by block bootstrap over windows, n {formatCount(first.text.n)} scored
          positions. {caveats.join(' ')}
        </p>
      </Panel>
      <Panel title="Where it departs">
        <KldFigure results={group.results} />
      </Panel>
      <div className={lab.pair}>
        <Panel title="Conditions">
          <Conditions result={first} />
        </Panel>
        <Panel title="What a divergence means">
          <Ladder results={group.results} />
        </Panel>
      </div>
    </>
  );
};
