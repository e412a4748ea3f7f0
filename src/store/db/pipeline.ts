import { type KyselyProps, Transaction, TransactionBuilder } from 'kysely';
import type { Tables } from './schema.ts';

/**
 * Transactions whose queries need not wait for one another's answers: what is asked for at the same time (`Promise.all`)
 * is sent at once, and the server runs it one by one in the order in which it was asked for. `begin` goes along with
 * the first query. (PostgreSQL manual, "Pipelining" in the protocol's message flow.)
 *
 * If one query fails, those sent with it fail too, and later ones get the error that the transaction has ended.
 */
export class PipelinedTransactions extends TransactionBuilder<Tables> {
  readonly #props: KyselyProps;

  constructor(props: KyselyProps) {
    super(props);
    this.#props = props;
  }

  override execute<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    const { executor, driver } = this.#props;
    return executor.provideConnection(async (connection) => {
      let open = true;
      const tx = new Transaction<Tables>({
        ...this.#props,
        executor: executor.withConnectionProvider({
          async provideConnection(consumer) {
            if (!open) throw new Error('a query came after its transaction had ended');
            return consumer(connection);
          },
        }),
      });
      try {
        const [, result] = await Promise.all([driver.beginTransaction(connection, {}), work(tx)]);
        open = false;
        await driver.commitTransaction(connection);
        return result;
      } catch (error) {
        open = false;
        await driver.rollbackTransaction(connection);
        throw error;
      }
    });
  }
}
