/** Figures of the engine ladder and of the files themselves. */
export const engineMetrics = {
  prefillTps: {
    name: 'Prefill',
    unit: 't/s',
    definition:
      'Speed of reading the prompt in the engine, without HTTP: newly processed prompt tokens per second. Tokens found in the cache are not counted.',
    formula: 'new prompt tokens / engine prompt time',
    elsewhere: 'llama-bench: pp N. llama-server: prompt_per_second.',
    better: 'higher',
  },
  decodeTps: {
    name: 'Decode',
    unit: 't/s',
    definition:
      'Speed of writing the answer in the engine, without HTTP and with greedy sampling: generated tokens per second of one sequence.',
    formula: 'generated tokens / engine decode time',
    elsewhere: 'llama-bench: tg N. llama-server: predicted_per_second.',
    better: 'higher',
  },
  decodeRatio: {
    name: 'Against base',
    unit: '',
    definition:
      'Decode speed over that of the base row. A difference that cannot be told from noise is written ≈, whatever its size.',
    formula: 'median decode / median decode of the base, with a bootstrap interval',
    elsewhere: 'benchstat: delta; its ~ is our ≈.',
    better: 'higher',
  },
  sizeBytes: {
    name: 'Size',
    unit: 'GiB',
    definition: 'Bytes of the model file over all its parts, in GiB (2³⁰ bytes).',
    formula: 'file bytes / 2³⁰',
    elsewhere: 'Hugging Face shows GB (10⁹ bytes), which is 7 % more for the same file.',
    better: 'lower',
  },
  bitsPerWeight: {
    name: 'Bits per weight',
    unit: 'bpw',
    definition: 'Bits the tensors take per parameter; the honest measure behind a label such as Q4_K_M.',
    formula: '8 × tensor bytes / parameters',
    elsewhere: 'llama.cpp: BPW.',
    better: 'none',
  },
  peakResidentBytes: {
    name: 'Memory',
    unit: 'GiB',
    definition:
      'Largest resident memory of the engine process while it was measured. Pages shared with other processes count fully.',
    formula: 'max over samples of the process’s resident set',
    elsewhere: 'top: RES. Linux: VmRSS.',
    better: 'lower',
  },
  energyPerToken: {
    name: 'Energy per token',
    unit: 'J/token',
    definition:
      'Joules of the named device alone (CPU package or GPU board) per token, its idle draw included: median over the repetitions long enough for its sensor.',
    formula: 'joules of a repetition / tokens of it',
    elsewhere:
      'ML.ENERGY and MLPerf Power: joules per token, often of the whole system, which Dyno cannot read.',
    better: 'lower',
  },
  cpuPerWall: {
    name: 'CPU per wall',
    unit: '',
    definition:
      'Processor seconds the engine used per second of wall time. Below 0.95 × threads other programs took the cores, and the repetition is suspect.',
    formula: 'CPU seconds / wall seconds',
    elsewhere: 'GNU time: percent of CPU / 100.',
    better: 'none',
  },
  trust: {
    name: 'Trust',
    unit: '',
    definition:
      'Whether the conditions allow a conclusion: spread and drift over repetitions, throttling, other programs, swap, errors. Open it for the reasons.',
    formula: 'worst level over all signals of docs/metrics.md',
    elsewhere: 'hyperfine warns of outliers; most tools say nothing.',
    better: 'none',
  },
  contextLength: {
    name: 'Context',
    unit: 'tokens',
    definition: 'The context the model was trained for. Beyond it answers get worse without an error.',
    formula: '{architecture}.context_length of the file',
    elsewhere: 'llama.cpp: n_ctx_train.',
    better: 'none',
  },
} as const;
