import {
  type CompiledQuery,
  type DatabaseConnection,
  type KyselyProps,
  Transaction,
  TransactionBuilder,
} from 'kysely';
import { codeOf } from '../../log/errors.ts';
import type { Tables } from './schema.ts';

/** SQLSTATE `in_failed_sql_transaction`: another query had failed before. */
const inFailedTransaction = '25P02';

/**
 * Transactions whose queries need not wait for one another's answers: what is asked for at the same time (`Promise.all`)
 * is sent at once, and the server runs it one by one in the order in which it was asked for. `begin` goes along with
 * the first query. (PostgreSQL manual, "Pipelining" in the protocol's message flow.)
 *
 * If one query fails, those sent with it fail too, for want of the transaction; what it failed of is what the transaction
 * throws, whichever of them its work heard of first. Later ones get the error that the transaction has ended.
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
      const failed: unknown[] = [];
      const heard: DatabaseConnection = {
        async executeQuery<R>(query: CompiledQuery) {
          try {
            return await connection.executeQuery<R>(query);
          } catch (error) {
            failed.push(error);
            throw error;
          }
        },
        streamQuery: (query, size) => connection.streamQuery(query, size),
      };
      const tx = new Transaction<Tables>({
        ...this.#props,
        executor: executor.withConnectionProvider({
          async provideConnection(consumer) {
            if (!open) throw new Error('a query came after its transaction had ended');
            return consumer(heard);
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
        throw codeOf(error) === inFailedTransaction ? failed[0] : error;
      }
    });
  }
}
