import type { Distribution } from './fill-tensor.ts';

const constant = (value: number): Distribution => ({ type: 'constant', value });
const normal = (std: number): Distribution => ({ type: 'normal', std });

interface Facts {
  readonly architecture: string;
  /** The token embedding is the output matrix, too. */
  readonly hasTiedOutput: boolean;
}

/**
 * How the weights of a tensor of a real header are drawn, by its name (llama-arch.cpp, LLM_TENSOR_NAMES): scales that
 * keep activations near deviation 1 through any depth, so that no value becomes infinite and the kernels see ordinary
 * numbers. A matrix with rows of n gets deviation 1/√n; norms and factors get ones.
 */
export const distributionOf = (
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  { architecture, hasTiedOutput }: Facts,
): Distribution => {
  const rowElements = shape[0] ?? 1;
  const preserving = 1 / Math.sqrt(rowElements);
  if (name === 'token_embd.weight') {
    // tied embeddings stay small in the residual stream, else the output finds the input token in it
    if (!hasTiedOutput) return normal(1);
    return normal(architecture.startsWith('gemma') ? preserving * 0.05 : preserving);
  }
  if (name === 'output.weight') return normal(1.5 * preserving);
  if (name.includes('norm') || /^rope_(freqs|factors)/.test(name) || name.endsWith('.scale'))
    return constant(1);
  if (name.endsWith('.ssm_a')) return constant(-1); // a recurrent state decays by exp(A·dt): A above 0 would grow without end
  if (name.endsWith('.bias') || shape.length < 2) return normal(0.02);
  return normal(preserving);
};
