// Human poses as a text. As HumanPoseTransform in fourm/data/modality_transforms.py.
#pragma once

#include <string>

#include "core/data/crop_settings.h"
#include "core/data/python_json.h"

namespace maskscope {

bool is_nobody(const PythonJson& file);  // {} or []

// file: not of nobody; lists over n persons: bbox_xyxy [n][4] in pixels, pred_smpl_params {global_orient [n][1][3][3],
// betas [n][10]}, pose_tokenized [n][8], pred_cam [n][3]. Each person whose box is not wholly beyond the crop becomes
// "human v0=… v1=… v2=… v3=… " and the groups pose, global, camera, shape in the drawn order; when all are beyond, "none".
// Throws ContentError naming the field.
std::string pose_text(const PythonJson& file, const CropSettings& crop, PixelSize picture, TransformDraws& draws,
                      Findings& findings);

}  // namespace maskscope
