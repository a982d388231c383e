use repo_map_cache_core::{Result, StorageBackend};

/// Expands to one `#[test]` a case of the suite.
///
/// The argument is a function from the directory of the case to the backend, `fn(&Path) -> Result<impl
/// StorageBackend>`; it is called again on the same directory where a case opens a store anew. The
/// tests are named `conformance_…`; one module holds one suite.
#[macro_export]
macro_rules! storage_conformance {
    ($open:expr) => {
        $crate::storage_conformance! { @cases $open;
            conformance_an_empty_store_has_nothing => values::an_empty_store_has_nothing,
            conformance_values_come_back => values::values_come_back,
            conformance_a_put_replaces_and_a_delete_removes => values::a_put_replaces_and_a_delete_removes,
            conformance_keyspaces_are_apart => values::keyspaces_are_apart,
            conformance_lent_values_are_lent => values::lent_values_are_lent,
            conformance_a_dropped_write_is_nothing => transactions::a_dropped_write_is_nothing,
            conformance_a_snapshot_stays => transactions::a_snapshot_stays,
            conformance_a_write_sees_its_own_deletions => transactions::a_write_sees_its_own_deletions,
            conformance_transactions_end_in_any_order => transactions::transactions_end_in_any_order,
            conformance_scans_are_sorted_and_bounded => scans::scans_are_sorted_and_bounded,
            conformance_a_scan_is_of_its_snapshot => scans::a_scan_is_of_its_snapshot,
            conformance_a_value_too_large_is_refused => limits::a_value_too_large_is_refused,
            conformance_a_large_batch_is_one_commit => limits::a_large_batch_is_one_commit,
            conformance_an_unknown_keyspace_is_refused_or_as_good => errors::an_unknown_keyspace_is_refused_or_as_good,
            conformance_a_history_is_that_of_a_map => model::a_history_is_that_of_a_map,
            conformance_commits_are_seen_whole_or_not => concurrency::commits_are_seen_whole_or_not,
            conformance_writers_take_turns => concurrency::writers_take_turns,
            conformance_maintenance_changes_nothing => durability::maintenance_changes_nothing,
            conformance_commits_outlive_the_backend => durability::commits_outlive_the_backend,
        }

        #[test]
        fn conformance_commits_outlive_a_killed_process() {
            let child = concat!(module_path!(), "::conformance_child_that_is_killed");
            $crate::cases::durability::commits_outlive_a_killed_process(&|directory| $crate::boxed($open(directory)), child);
        }

        #[test]
        #[ignore = "the child of another case"]
        fn conformance_child_that_is_killed() {
            $crate::cases::durability::write_until_killed(&|directory| $crate::boxed($open(directory)));
        }
    };
    (@cases $open:expr; $($name:ident => $group:ident :: $case:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                $crate::cases::$group::$case(&|directory| $crate::boxed($open(directory)));
            }
        )+
    };
}

/// For the macro: any backend as the cases take it.
pub fn boxed<B: StorageBackend + 'static>(opened: Result<B>) -> Result<Box<dyn StorageBackend>> {
    opened.map(|backend| Box::new(backend) as _)
}
