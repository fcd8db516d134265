import type { QualitySpec } from '../../../../shared/contract/quality.ts';

/** What is judged, as the form holds it. */
export interface JudgementForm {
  readonly against: 'base' | 'pack';
  readonly base: string | null;
  readonly pack: string;
  readonly candidates: readonly string[];
  readonly maxWindows: number | null;
  /** Empty: the bundled text. */
  readonly text: string;
  readonly tasks: 'bundled' | 'own' | 'none';
  readonly taskFile: string;
}

export const emptyJudgement: JudgementForm = {
  against: 'base',
  base: null,
  pack: '',
  candidates: [],
  maxWindows: null,
  text: '',
  tasks: 'bundled',
  taskFile: '',
};

type Judgement = Pick<QualitySpec, 'candidates' | 'text' | 'tasks'> &
  Partial<Pick<QualitySpec, 'base' | 'pack' | 'maxWindows'>>;

const textOf = (path: string): string => (path.trim() === '' ? 'bundled' : path.trim());

/** The judgement as the host takes it; `null` while something is missing. */
export const readJudgement = (form: JudgementForm, bundledId: string | null): Judgement | null => {
  const base = form.base ?? bundledId;
  const source =
    form.against === 'pack'
      ? form.pack.trim() === ''
        ? null
        : { pack: form.pack.trim() }
      : base === null
        ? null
        : { base };
  const candidates = form.candidates.filter((id) => form.against === 'pack' || id !== base);
  const tasks = form.tasks === 'own' ? form.taskFile.trim() : form.tasks;
  if (source === null || candidates.length === 0 || tasks === '') return null;
  return {
    ...source,
    candidates,
    // the pack has its own text
    text: form.against === 'pack' ? 'bundled' : textOf(form.text),
    // without its base there is nobody to pair the answers with
    tasks: form.against === 'pack' ? 'none' : tasks,
    ...(form.maxWindows !== null && { maxWindows: form.maxWindows }),
  };
};
