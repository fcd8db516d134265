import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { toProblem, type Problem } from '../transport/problem.ts';
import { FailedState } from '../ui/failed-state.tsx';

interface CrashBoundaryProps {
  readonly children: ReactNode;
}

interface CrashBoundaryState {
  readonly problem: Problem | null;
}

/** A defect of a screen takes the window down to this message, never to a white page. React offers only a class here. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashBoundaryState> {
  override state: CrashBoundaryState = { problem: null };

  static getDerivedStateFromError(error: unknown): CrashBoundaryState {
    const problem = toProblem(error);
    return {
      problem: {
        ...problem,
        title: 'This page met a defect of its own.',
        hint: 'Runs, downloads and the server go on in the background.',
      },
    };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <main>
        <FailedState
          problem={problem}
          action={<Button onClick={() => location.reload()}>Reload the page</Button>}
        />
      </main>
    );
  }
}
