/** What a comparison says of quality; docs/quality.md has the protocol. */
export const qualityMetrics = {
  kldMean: {
    name: 'KLD',
    unit: 'nats',
    definition:
      'Mean Kullback–Leibler divergence of the file’s next-token probabilities from those of the unquantized file, over the scored positions of a text. 0 = the same model.',
    formula: 'mean over positions of Σ p(base) · ln(p(base) / p(file))',
    elsewhere: 'llama-perplexity --kl-divergence: Mean KLD.',
    better: 'lower',
  },
  perplexity: {
    name: 'PPL',
    unit: '',
    definition:
      'How surprised the model is by the text: e to the mean negative log-probability of the token that really follows. Compare it within one model and one text only.',
    formula: 'exp(−mean ln p(token))',
    elsewhere: 'llama-perplexity: Final estimate PPL.',
    better: 'lower',
  },
  taskAccuracy: {
    name: 'Tasks',
    unit: '%',
    definition:
      'Share of tasks with one right answer that the model gets right, greedy, through its own chat template; with a 95 % Wilson interval.',
    formula: 'right answers / tasks',
    elsewhere: 'lm-evaluation-harness: exact_match.',
    better: 'higher',
  },
} as const;
