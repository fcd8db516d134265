import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { EngineSettings, MemoryFit } from '../../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../../shared/units/format.ts';
import { basisText, decisionText } from '../../../shared/units/memory-basis.ts';
import { useQuery } from '../../live/use-query.ts';
import { useServices } from '../../services-context.ts';
import { Explained } from '../../ui/explained.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ForecastView } from './forecast-view.tsx';
import { PastLoads } from './past-loads.tsx';
import classes from './memory-fit-view.module.css';

type KvType = EngineSettings['kvKeyType'];
const kvTypes: readonly KvType[] = ['F16', 'F32', 'BF16', 'Q8_0', 'Q5_1', 'Q5_0', 'Q4_1', 'Q4_0'];

const FitFigures = ({ fit }: { readonly fit: MemoryFit }) => (
  <>
    <p className={classes.advice} data-fits={fit.fits}>
      <span aria-hidden>{fit.fits ? '✓' : '✕'}</span> {fit.advice}
    </p>
    <KeyValues
      items={[
        ['Weights', `${formatGib(fit.weightsBytes)} GiB`],
        [
          `KV cache, ${formatCount(fit.slots)} × ${formatCount(fit.contextSize)}`,
          `${formatGib(fit.kvCacheBytes)} GiB`,
        ],
        ['Compute buffers', `${formatGib(fit.computeBytes)} GiB`],
        [
          'Memory needed',
          <Explained key="needed" reason={`Decided ${decisionText(fit)}.`}>
            {formatGib(fit.neededRamBytes)} of {formatGib(fit.availableRamBytes)} GiB free,{' '}
            {fit.decidedBy === 'learned' ? 'learned from loads' : 'by llama.cpp'}
          </Explained>,
        ],
        ...(fit.availableVramBytes > 0
          ? [
              [
                'GPU memory needed',
                `${formatGib(fit.totalVramBytes)} of ${formatGib(fit.availableVramBytes)} GiB free`,
              ] as const,
            ]
          : []),
        [
          'Process after the load',
          <Explained
            key="process"
            reason={`Weights, cache, and ${formatGib(fit.expected.processBytes)} GiB of the process itself, ${basisText(fit.expected)}.`}
          >
            {formatGib(fit.expected.ramBytes)} GiB
          </Explained>,
        ],
        ['Largest context that fits', `${formatCount(fit.largestContextSize)} tokens per slot`],
      ]}
    />
    <PastLoads loads={fit.pastLoads} />
  </>
);

/** What loading would take, before loading: choose a setting, read the memory. */
export const MemoryFitView = ({ modelId }: { readonly modelId: string }) => {
  const { queries } = useServices();
  const [contextSize, setContextSize] = useState<number | 'auto'>('auto');
  const [slots, setSlots] = useState(4);
  const [kvType, setKvType] = useState<KvType>('F16');
  const fit = useQuery(
    queries.modelFit(modelId, { contextSize, slots, kvKeyType: kvType, kvValueType: kvType }),
  );
  return (
    <div className={classes.view}>
      <div className={classes.form}>
        <NumberInput
          label="Context per slot, tokens"
          placeholder="auto"
          min={16}
          step={256}
          value={contextSize === 'auto' ? '' : contextSize}
          onChange={(value) =>
            setContextSize(typeof value === 'number' && value >= 16 ? Math.round(value) : 'auto')
          }
        />
        <NumberInput
          label="Slots"
          min={1}
          max={256}
          value={slots}
          onChange={(value) => setSlots(typeof value === 'number' && value >= 1 ? Math.round(value) : 1)}
        />
        <Select
          label="KV cache type"
          data={[...kvTypes]}
          value={kvType}
          onChange={(value) => setKvType(kvTypes.find((type) => type === value) ?? 'F16')}
        />
      </div>
      <QueryView query={fit} what="the memory this setting needs">
        {(data) => <FitFigures fit={data} />}
      </QueryView>
      <ForecastView key={modelId} source={modelId} />
    </div>
  );
};
