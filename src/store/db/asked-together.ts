import type { Database } from './database.ts';

type Waiting<Q, A> = { question: Q; resolve: (answer: A) => void; reject: (error: unknown) => void };

/**
 * Makes one query of what is asked at the same time on one connection, as the decisions that are loaded together ask: each query costs
 * both sides more than what most of them look up.
 * @param ask answers several questions, each in its place
 * @returns asks one
 */
export function askedTogether<Q, A>(
  ask: (db: Database, questions: readonly Q[]) => Promise<readonly A[]>,
): (db: Database, question: Q) => Promise<A> {
  const waiting = new WeakMap<Database, Waiting<Q, A>[]>();
  const askAll = async (db: Database, all: readonly Waiting<Q, A>[]): Promise<void> => {
    try {
      const answers = await ask(
        db,
        all.map(({ question }) => question),
      );
      if (answers.length < all.length) throw new Error('a question was asked and not answered');
      for (const [i, answer] of answers.entries()) all[i]?.resolve(answer);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  };
  return (db, question) =>
    new Promise((resolve, reject) => {
      const one = { question, resolve, reject };
      const others = waiting.get(db);
      if (others !== undefined) {
        others.push(one);
        return;
      }
      const all = [one];
      waiting.set(db, all);
      process.nextTick(() => {
        waiting.delete(db);
        void askAll(db, all);
      });
    });
}
