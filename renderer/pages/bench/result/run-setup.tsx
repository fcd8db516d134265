import type { BenchModel, BenchRun } from '../../../../shared/contract/bench.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { apiTestText, engineTestName } from '../../../../shared/units/test-text.ts';
import { loadMemoryText } from '../../../../shared/units/memory-text.ts';
import { shortGpuName } from '../../../frame/machine-name.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { KeyValues, type KeyValue } from '../../../ui/key-values.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './run-setup.module.css';

const workload = (run: BenchRun): readonly KeyValue[] => [
  ['Preset', run.spec.preset],
  ['Engine tests', run.spec.engineTests.map(engineTestName).join(', ') || 'none'],
  ['API tests', run.spec.apiTests.map(apiTestText).join(', ') || 'none'],
  ['Repetitions', String(run.spec.repetitions)],
  ['Seed', String(run.spec.seed)],
  ['Formulas', `version ${run.metricsVersion}`],
  ['Dyno', run.dynoVersion],
  ['Started', new Date(run.createdAtMs).toLocaleString()],
];

const machine = ({ machine: found, idle }: BenchRun): readonly KeyValue[] => [
  ['Processor', found.cpu.model],
  [
    'Memory',
    `${formatGib(found.memory.totalBytes)} GiB, ${formatGib(idle.availableMemoryBytes)} free before the start`,
  ],
  ['GPU', found.gpus.length === 0 ? 'none' : found.gpus.map(shortGpuName).join(', ')],
  ['System', `${found.os.name} ${found.os.release}, ${found.os.arch}`],
  [
    'Engine',
    found.llama === null ? (
      <Unknown reason={found.llamaProblem ?? 'the device probe gave no answer'} />
    ) : (
      `llama.cpp ${found.llama.llamaCppRelease} on ${found.llama.backend}, node-llama-cpp ${found.llama.nodeLlamaCppVersion}`
    ),
  ],
  [
    'Other programs',
    idle.foreignCpuPercent === null ? (
      <Unknown reason="the load of other programs could not be read" />
    ) : (
      `${formatFigure(idle.foreignCpuPercent)} % of the processor before the start`
    ),
  ],
  ['Power', idle.powerSource ?? <Unknown reason="the system does not tell the power source" />],
  ['Governor', idle.governor ?? <Unknown reason="the system does not tell the clock governor" />],
];

const modelColumns: readonly Column<BenchModel>[] = [
  {
    id: 'type',
    title: 'Type',
    isRowHeader: true,
    render: (model) => <span className="mono">{model.quantization}</span>,
  },
  { id: 'size', title: 'Size, GiB', isNumeric: true, render: (model) => formatGib(model.sizeBytes) },
  {
    id: 'sha',
    title: 'SHA-256',
    render: (model) =>
      model.sha256 === null ? (
        <Unknown reason="not computed when the run began" />
      ) : (
        <span className={classes.hash}>
          <span className="mono">{model.sha256.slice(0, 12)}</span>
          <CopyButton text={model.sha256} what={`SHA-256 of ${model.quantization}`} />
        </span>
      ),
  },
  {
    id: 'tensors',
    title: 'Tensors',
    render: (model) =>
      Object.entries(model.tensorTypes)
        .map(([type, count]) => `${count} × ${type}`)
        .join(', '),
  },
  {
    id: 'engine',
    title: 'Engine settings in effect',
    render: ({ engine }) =>
      engine === null ? (
        <Unknown reason="the engine was not loaded" />
      ) : (
        `${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}, ${engine.slots} × ${engine.contextSize} context, batch ${engine.batchSize}, KV ${engine.kvKeyType}/${engine.kvValueType}, ${engine.gpuLayers} GPU layers, mmap ${engine.useMmap ? 'on' : 'off'}, ${engine.batchEngine} batch engine`
      ),
  },
  {
    id: 'memory',
    title: 'Memory after load',
    render: ({ engine }) => {
      if (engine === null) return <Unknown reason="the engine was not loaded" />;
      const { measured, expected } = loadMemoryText(engine.memory);
      return expected === null ? (
        measured
      ) : (
        <Explained reason={`Expected ${expected}.`}>{measured}</Explained>
      );
    },
  },
];

/** The engine results as llama-bench prints them, to be pasted beside other people's. */
const LlamaBenchTable = ({ runId }: { readonly runId: string }) => {
  const { queries } = useServices();
  const table = useQuery(queries.llamaBenchTable(runId));
  if (table.data === undefined || table.data.text === '') return null;
  return (
    <Panel title="In the terms of llama-bench">
      <p className={classes.note}>
        Mean ± standard deviation, as llama-bench has it; the headlines here are medians.
      </p>
      <CodeBlock text={table.data.text} what="llama-bench table" />
    </Panel>
  );
};

/** All it takes to judge the run, and to repeat it. */
export const RunSetup = ({ run }: { readonly run: BenchRun }) => (
  <>
    <Panel title="Repeat this run">
      <CodeBlock text={run.repeatCommand} what="command" />
    </Panel>
    <LlamaBenchTable runId={run.id} />
    <div className={classes.pair}>
      <Panel title="Workload">
        <KeyValues items={workload(run)} />
      </Panel>
      <Panel title="Machine and conditions">
        <KeyValues items={machine(run)} />
      </Panel>
    </div>
    <Panel title="Files" isFlush>
      <DataTable label="Files" columns={modelColumns} rows={run.models} rowKey={(model) => model.modelId} />
    </Panel>
  </>
);
