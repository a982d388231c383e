/// What a backend promises beyond the contract; the conformance suite tests what is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Committed entries are there again after the process has ended, however it ended.
    pub durable: bool,
    /// Nothing is ever written: the store passes over what is put, and reads what is there.
    pub read_only: bool,
    /// Several processes may have the same store open, each seeing what the others commit.
    pub multi_process: bool,
    /// [`ReadTxn::get`](crate::ReadTxn::get) borrows: no copy of the value is made.
    pub zero_copy: bool,
    /// The longest value in bytes; a longer one is [`TooLarge`](crate::ErrorKind::TooLarge).
    pub max_value_len: usize,
    /// Soft limit of the bytes of values in one write transaction. Queried before each batch; it may shrink as the store fills.
    pub max_batch_bytes: usize,
    /// Soft limit of the changes in one write transaction.
    pub max_batch_entries: usize,
}

impl Capabilities {
    /// The least that a backend can promise, and no limit on values.
    pub const fn new() -> Self {
        Self {
            durable: false,
            read_only: false,
            multi_process: false,
            zero_copy: false,
            max_value_len: usize::MAX,
            max_batch_bytes: usize::MAX,
            max_batch_entries: usize::MAX,
        }
    }

    /// With [`durable`](Self::durable) set.
    #[must_use]
    pub const fn with_durable(mut self, durable: bool) -> Self {
        self.durable = durable;
        self
    }

    /// With [`read_only`](Self::read_only) set.
    #[must_use]
    pub const fn with_read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// With [`multi_process`](Self::multi_process) set.
    #[must_use]
    pub const fn with_multi_process(mut self, multi_process: bool) -> Self {
        self.multi_process = multi_process;
        self
    }

    /// With [`zero_copy`](Self::zero_copy) set.
    #[must_use]
    pub const fn with_zero_copy(mut self, zero_copy: bool) -> Self {
        self.zero_copy = zero_copy;
        self
    }

    /// With [`max_value_len`](Self::max_value_len) set, in bytes.
    #[must_use]
    pub const fn with_max_value_len(mut self, bytes: usize) -> Self {
        self.max_value_len = bytes;
        self
    }

    /// With [`max_batch_bytes`](Self::max_batch_bytes) set, in bytes.
    #[must_use]
    pub const fn with_max_batch_bytes(mut self, bytes: usize) -> Self {
        self.max_batch_bytes = bytes;
        self
    }

    /// With [`max_batch_entries`](Self::max_batch_entries) set.
    #[must_use]
    pub const fn with_max_batch_entries(mut self, entries: usize) -> Self {
        self.max_batch_entries = entries;
        self
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::new()
    }
}
