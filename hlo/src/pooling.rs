//! Windows over the spatial axes of images, `[batch, spatial axes …, features]`.

use crate::ops::Fold;
use crate::{Tensor, Window};

impl<'t> Tensor<'t> {
    /// The largest element of each window of `[batch, spatial axes …, features]`; `window` has an
    /// entry for each spatial axis. What is padded is never the largest. The gradient goes to the
    /// first of equals in each window, in row-major order.
    ///
    /// ```
    /// # use hlo::{DType::F32, Window};
    /// # hlo::trace("example", |t| {
    /// let images = t.input("images", F32, [8, 28, 28, 3]);
    /// let pooled = images.max_pool(&Window { strides: vec![2, 2], ..Window::of([2, 2]) });
    /// assert_eq!(pooled.dims(), [8, 14, 14, 3]);
    /// # t.output("pooled", pooled);
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn max_pool(self, window: &Window) -> Self {
        self.fold_spatial_windows("max_pool", Fold::Max, window)
    }

    /// The mean of each window of `[batch, spatial axes …, features]`; `window` has an entry for
    /// each spatial axis. With `count_include_pad` the padding counts as zeros and every sum is
    /// divided by the size of the window; without, by the number of elements in it that are not
    /// padding. Floats of fewer than 32 bits are summed as `f32`.
    #[track_caller]
    pub fn avg_pool(self, window: &Window, count_include_pad: bool) -> Self {
        if self.is_poison() {
            return self;
        }
        if let Err(rule) = self.dtype().check_float() {
            return self.trace().refuse("avg_pool", &[self.ty()], rule);
        }
        let sum = self.fold_spatial_windows("avg_pool", Fold::Sum, window);
        if sum.is_poison() {
            return sum;
        }
        if count_include_pad {
            let size: f64 = window.dimensions.iter().map(|&size| size as f64).product();
            return (sum / size).to(self.dtype());
        }
        let mut one_image = self.shape().to_vec();
        (one_image[0], *one_image.last_mut().expect("a window fits")) = (1, 1);
        let ones = self.trace().full(1, sum.dtype(), &one_image);
        let counts = ones.fold_spatial_windows("avg_pool", Fold::Sum, window);
        (sum / counts).to(self.dtype())
    }
}
