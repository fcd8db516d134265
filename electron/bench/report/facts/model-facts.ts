import type { BenchModel } from '../../../../shared/contract/bench.ts';
import type { EngineFacts } from '../../../../shared/contract/engine.ts';
import type { Fact } from '../../../../shared/contract/imports.ts';
import {
  formatCount,
  formatDuration,
  formatFigure,
  formatParameters,
} from '../../../../shared/units/format.ts';
import { loadMemoryText } from '../../../../shared/units/memory-text.ts';
import { factsOf, gib } from './fact.ts';

const file = factsOf('file');
const build = factsOf('build');
const flag = factsOf('flags');
const measured = factsOf('measured');

const yesNo = (value: boolean): string => (value ? 'on' : 'off');

export const fileNameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** The file, so that it can be told from one with the same label. */
export const fileFacts = (model: BenchModel): readonly Fact[] => [
  file('File', fileNameOf(model.path)),
  file('SHA-256', model.sha256 ?? 'not known: the file had not been hashed when the run began'),
  file('Size', `${formatCount(model.sizeBytes)} bytes (${gib(model.sizeBytes)})`),
  file('Architecture', model.architecture),
  ...(model.isSynthetic ? [file('Weights', 'random: the file is synthetic')] : []),
  file('Parameters', formatParameters(model.parameterCount)),
  file('Bits per weight', formatFigure(model.bitsPerWeight)),
  file(
    'Tensor types',
    Object.entries(model.tensorTypes)
      .sort((a, b) => b[1] - a[1])
      .map(([type, count]) => `${type} × ${count}`)
      .join(', '),
  ),
  file('Chat template SHA-256', model.templateSha256 ?? 'none: the file has no chat template'),
];

const memoryFacts = ({ memory }: EngineFacts): readonly Fact[] => {
  const text = loadMemoryText(memory);
  return [
    measured('Memory after load', text.measured),
    ...(text.expected === null ? [] : [measured('Memory after load, expected', text.expected)]),
  ];
};

/** Every effective setting of the engine, read from the loaded model. */
export const engineFacts = ({ engine }: BenchModel): readonly Fact[] =>
  engine === null
    ? [build('Engine', 'not loaded')]
    : [
        build('llama.cpp', engine.llamaCppRelease),
        build('node-llama-cpp', engine.nodeLlamaCppVersion),
        build('Backend', engine.backend),
        build('Stepping', engine.batchEngine === 'fast' ? 'own scheduler' : 'public interface, in lockstep'),
        flag('Context', `${formatCount(engine.contextSize)} tokens × ${engine.slots} slots`),
        flag('Threads', engine.threads),
        ...(engine.prefillThreads === undefined ? [] : [flag('Threads of prefill', engine.prefillThreads)]),
        flag('Batch', `${engine.batchSize} tokens, as one micro-batch`),
        flag('Flash attention', yesNo(engine.flashAttention)),
        flag('KV cache', `${engine.kvKeyType} keys, ${engine.kvValueType} values`),
        flag('Layers on the GPU', engine.gpuLayers),
        flag('Memory mapping', yesNo(engine.useMmap)),
        measured('Load', formatDuration(engine.loadMs)),
        ...memoryFacts(engine),
      ];
